#!/bin/sh
# Sends one alert to Muster, firing or with --resolve cleared, and prints the answer.
#
#   examples/send-alert.sh                        registry: push fails, critical
#   examples/send-alert.sh --resolve              the same alert, cleared
#   examples/send-alert.sh --title "Disk fills" --service wiki --severity warning
#
# MUSTER_URL           where Muster is (default http://127.0.0.1:7370)
# MUSTER_ALERTS_TOKEN  the token, where one is set
set -eu

title='push fails'
service='registry'
severity='critical'
status='firing'

usage() {
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case "$1" in
    --resolve) status='resolved' ;;
    --title | --service | --severity)
      [ $# -ge 2 ] || usage
      case "$1" in
        --title) title=$2 ;;
        --service) service=$2 ;;
        --severity) severity=$2 ;;
      esac
      shift
      ;;
    *) usage ;;
  esac
  shift
done

# A JSON string: backslashes and quotes escaped, line breaks and other controls made spaces.
string() {
  printf '"%s"' "$(printf '%s' "$1" | tr '[:cntrl:]' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g')"
}

body=$(printf '{"title":%s,"service":%s,"severity":%s,"status":"%s"}' \
  "$(string "$title")" "$(string "$service")" "$(string "$severity")" "$status")

set -- --silent --show-error --fail-with-body --max-time 10 \
  --header 'Content-Type: application/json' --data-binary "$body" \
  "${MUSTER_URL:-http://127.0.0.1:7370}/alerts/generic"
if [ -n "${MUSTER_ALERTS_TOKEN:-}" ]; then
  # By standard input, so that the token is not in the list of processes.
  printf 'header = "Authorization: Bearer %s"\n' "$MUSTER_ALERTS_TOKEN" | curl --config - "$@"
else
  curl "$@"
fi
echo
