#!/bin/sh
# What a careful person would script: clone, set up, grow, start, then wait for the agent, the address and SSH. Looks ten times a second.
#   plain-create.sh URL CURL_CONFIG SOURCE_NODE SOURCE_VMID NODE VMID NAME KEY_FILE SSH_CONFIG USER
# The token stands in curl's configuration file.
set -eu
url=$1 curl_config=$2 source_node=$3 source=$4 node=$5 vmid=$6 name=$7 key=$8 ssh_config=$9
shift 9
user=$1
vm=/nodes/$node/qemu/$vmid

call() {
  method=$1 path=$2
  shift 2
  curl --config "$curl_config" --silent --show-error --fail -X "$method" "$url/api2/json$path" "$@"
}

# Waits for the task whose name comes from standard input, on the node where it runs.
finish() {
  upid=$(sed -n 's/.*"data":"\([^"]*\)".*/\1/p' | sed -e 's/:/%3A/g' -e 's/@/%40/g' -e 's/!/%21/g')
  [ -n "$upid" ] || exit 1
  until answer=$(call GET "/nodes/$1/tasks/$upid/status") && printf %s "$answer" | grep -q '"status":"stopped"'; do sleep 0.1; done
  printf %s "$answer" | grep -q '"exitstatus":"OK"'
}

encode() { sed -e 's/%/%25/g' -e 's/ /%20/g' -e 's/+/%2B/g' -e 's,/,%2F,g' -e 's/=/%3D/g' -e 's/@/%40/g'; }

call POST "/nodes/$source_node/qemu/$source/clone" -d "newid=$vmid" -d "name=$name" -d "target=$node" | finish "$source_node"
call PUT "$vm/config" -d cores=2 -d memory=4096 -d agent=1 -d "ciuser=$user" -d ipconfig0=ip=dhcp -d ciupgrade=0 \
  --data-urlencode "sshkeys=$(encode <"$key.pub")" >/dev/null
call PUT "$vm/resize" -d disk=scsi0 -d size=40G | finish "$node"
call POST "$vm/status/start" | finish "$node"
until call POST "$vm/agent/ping" >/dev/null 2>&1; do sleep 0.1; done
until address=$(call GET "$vm/agent/network-get-interfaces" | grep -o '10\.77\.0\.[0-9]*' | head -n 1) && [ -n "$address" ]; do sleep 0.1; done
until ssh -F "$ssh_config" -o BatchMode=yes -o ConnectTimeout=3 "$user@$address" true 2>/dev/null; do sleep 0.1; done
printf '%s\n' "$address"
