#!/bin/sh
# Muster
# Posts a notification of Checkmk to Muster. Parameters of the rule: Muster's address for it, a file with the token, and
# Checkmk's own address (for links; may be left out).
set -eu

url="$NOTIFY_PARAMETER_1"
what="${NOTIFY_WHAT:-HOST}"
if [ "$what" = SERVICE ]; then
  state="${NOTIFY_SERVICESHORTSTATE:-${NOTIFY_SERVICESTATE-}}"
  output="${NOTIFY_SERVICEOUTPUT-}"
  link="${NOTIFY_SERVICEURL-}"
else
  state="${NOTIFY_HOSTSTATE-}"
  output="${NOTIFY_HOSTOUTPUT-}"
  link="${NOTIFY_HOSTURL-}"
fi

# The token goes by standard input, so that no list of processes shows it. Exit status 1: Checkmk tries again later.
printf 'header = "Authorization: Bearer %s"\n' "$(cat "$NOTIFY_PARAMETER_2")" |
  curl --config - --silent --show-error --fail --output /dev/null \
    --max-time 15 --retry 60 --retry-delay 5 --retry-all-errors --retry-max-time 40 \
    --data-urlencode "what=$what" \
    --data-urlencode "notification_type=${NOTIFY_NOTIFICATIONTYPE-}" \
    --data-urlencode "site=${NOTIFY_OMD_SITE-}" \
    --data-urlencode "host=${NOTIFY_HOSTNAME-}" \
    --data-urlencode "address=${NOTIFY_HOSTADDRESS-}" \
    --data-urlencode "service=${NOTIFY_SERVICEDESC-}" \
    --data-urlencode "status=$state" \
    --data-urlencode "output=$output" \
    --data-urlencode "app=${NOTIFY_SERVICELABEL_app:-${NOTIFY_HOSTLABEL_app-}}" \
    --data-urlencode "comment=${NOTIFY_NOTIFICATIONCOMMENT-}" \
    --data-urlencode "author=${NOTIFY_NOTIFICATIONAUTHOR-}" \
    --data-urlencode "micro_time=${NOTIFY_MICROTIME-}" \
    --data-urlencode "url=$link" \
    --data-urlencode "base_url=${NOTIFY_PARAMETER_3-}" \
    "$url" || exit 1
