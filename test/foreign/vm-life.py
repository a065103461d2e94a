"""A VM's whole life by proxmoxer, as Debian packages it. Reads {host, token, secret, password, iso} and prints what it saw as JSON."""

import json
import sys
import time

from proxmoxer import ProxmoxAPI, ResourceException

given = json.load(sys.stdin)
saw = {}

by_token = ProxmoxAPI(
    given["host"], user="botswain@pve", token_name=given["token"], token_value=given["secret"], verify_ssl=False
)
by_ticket = ProxmoxAPI(given["host"], user="root@pam", password=given["password"], verify_ssl=False)


def wait(api, upid):
    """Asks the node that the task names, as every client has to."""
    while True:
        status = api.nodes(upid.split(":")[1]).tasks(upid).status.get()
        if status["status"] == "stopped":
            return status["exitstatus"]
        time.sleep(0.02)


def refused(call):
    try:
        call()
    except ResourceException as error:
        return f"{error.status_code} {error.content}"


def life(api, vmid):
    node = api.nodes("pve1")
    ends = {}
    ends["clone"] = wait(api, node.qemu(9000).clone.post(newid=vmid, name=f"web-{vmid}", full=1))
    vm = node.qemu(vmid)
    vm.config.put(cores=2, memory=1024, ciuser="ana", ipconfig0="ip=dhcp", tags="ci,blue", net0="virtio,bridge=vmbr0,tag=7")
    config = vm.config.get()
    ends["config"] = [config["cores"], config["memory"], config["ciuser"], config["tags"], config["net0"].endswith(",bridge=vmbr0,tag=7")]
    ends["resize"] = wait(api, vm.resize.put(disk="scsi0", size="+1G"))
    ends["start"] = wait(api, vm.status.start.post())
    while refused(vm.agent.ping.post):
        time.sleep(0.02)
    names = {one["name"]: one for one in vm.agent("network-get-interfaces").get()["result"]}
    ends["agent"] = ["lo" in names, any("10.77.0." in str(one.get("ip-addresses")) for one in names.values())]
    pid = vm.agent.exec.post(command="hostname")["pid"] if api is by_ticket else None
    ends["exec"] = pid is not None
    ends["running"] = refused(vm.delete)
    ends["snapshot"] = wait(api, vm.snapshot.post(snapname="clean"))
    ends["stop"] = wait(api, vm.status.stop.post())
    ends["status"] = vm.status.current.get()["status"]
    ends["delete"] = wait(api, vm.delete(purge=1))
    return ends


saw["version"] = by_token.version.get()["release"]
saw["nodes"] = sorted(node["node"] for node in by_token.nodes.get())
saw["next"] = by_token.cluster.nextid.get()
saw["token"] = life(by_token, 200)
saw["ticket"] = life(by_ticket, 201)
saw["missing"] = refused(by_token.nodes("pve1").qemu(999).config.get)
saw["wrong"] = refused(lambda: by_token.nodes("pve1").qemu(9000).clone.post(newid="x"))

storage = by_token.nodes("pve1").storage("local")
with open(given["iso"], "rb") as iso:
    saw["upload"] = wait(by_token, storage.upload.post(content="iso", filename=iso))
saw["content"] = [one["volid"] for one in storage.content.get(content="iso")]
saw["removed"] = wait(by_token, storage.content("local:iso/" + given["iso"].split("/")[-1]).delete())
saw["left"] = [one["vmid"] for one in by_token.cluster.resources.get(type="vm")]

json.dump(saw, sys.stdout)
