#!/bin/sh
# Posts a notification of Icinga 2 to Muster; docs/sources/icinga2.md has the command that runs it.
# Environment: MUSTER_URL, MUSTER_TOKEN_FILE (a file with the token), and the names below, as far as they are known.
set -eu

set --
for name in notification_type notification_comment notification_author host_name host_display_name host_address \
  host_state host_output service_name service_display_name service_state service_output state_type \
  last_state_change time notes_url url application severity; do
  eval "value=\${$name-}"
  if [ -n "$value" ]; then set -- "$@" --data-urlencode "$name=$value"; fi
done

# The token goes by standard input, so that no list of processes shows it.
printf 'header = "Authorization: Bearer %s"\n' "$(cat "$MUSTER_TOKEN_FILE")" |
  curl --config - --silent --show-error --fail --output /dev/null \
    --max-time 15 --retry 60 --retry-delay 5 --retry-all-errors --retry-max-time 120 "$@" "$MUSTER_URL"
