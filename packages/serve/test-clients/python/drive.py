"""Drives a cluster through the official Python client, one topic a call, and prints what it saw as JSON.

    drive.py KUBECONFIG NAMESPACE TOPIC
"""

import json
import sys
import threading

from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException
from kubernetes.stream import portforward, stream

kubeconfig, namespace, topic = sys.argv[1:4]
config.load_kube_config(kubeconfig)
core = client.CoreV1Api()
apps = client.AppsV1Api()


def refusal(call):
    """The Status of what is refused."""
    try:
        call()
    except ApiException as refused:
        status = json.loads(refused.body)
        return {"code": refused.status, "reason": status["reason"], "message": status["message"]}
    return None


def pod(name):
    return client.V1Pod(
        metadata=client.V1ObjectMeta(name=name, labels={"made-by": "python"}),
        spec=client.V1PodSpec(containers=[client.V1Container(name="main", image="busybox:1", command=["sleep", "3600"])]),
    )


def listing():
    """Lists, pages, selectors, one object as a typed object."""
    pods = core.list_namespaced_pod(namespace)
    first = core.list_namespaced_pod(namespace, limit=1)
    pages, token = [first.items[0].metadata.name], first.metadata._continue
    while token:
        page = core.list_namespaced_pod(namespace, limit=1, _continue=token)
        pages += [item.metadata.name for item in page.items]
        token = page.metadata._continue
    name = pods.items[0].metadata.name
    one = core.read_namespaced_pod(name, namespace)
    return {
        "version": client.VersionApi().get_code().git_version,
        "names": [item.metadata.name for item in pods.items],
        "pages": pages,
        "selected": [i.metadata.name for i in core.list_namespaced_pod(namespace, field_selector=f"metadata.name={name}").items],
        "phase": one.status.phase,
        "created": one.metadata.creation_timestamp.isoformat(),
        "nodes": [node.metadata.name for node in core.list_node().items],
        "missing": refusal(lambda: core.read_namespaced_pod("nobody", namespace)),
    }


def watching():
    """A watch from a list's resourceVersion sees what comes after, and a stale one is refused with 410."""
    listed = core.list_namespaced_config_map(namespace)
    seen, ready = [], threading.Event()

    def see():
        stream_ = watch.Watch().stream(
            core.list_namespaced_config_map,
            namespace,
            resource_version=listed.metadata.resource_version,
            timeout_seconds=20,
        )
        for event in stream_:
            name = event["object"].metadata.name
            if name != "kube-root-ca.crt":
                seen.append([event["type"], name])
            if event["type"] == "DELETED" and name == "watched":
                ready.set()
                return

    thread = threading.Thread(target=see)
    thread.start()
    core.create_namespaced_config_map(namespace, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="watched"), data={"a": "1"}))
    core.patch_namespaced_config_map("watched", namespace, {"data": {"a": "2"}})
    core.delete_namespaced_config_map("watched", namespace)
    ready.wait(20)
    thread.join(1)
    return {"seen": seen}


def writing():
    """Create, conflict, replace, patches of three kinds, dry run, strict fields, delete a collection."""
    created = core.create_namespaced_pod(namespace, pod("written"))
    stale = core.read_namespaced_pod("written", namespace)
    core.patch_namespaced_pod("written", namespace, {"metadata": {"labels": {"more": "yes"}}})
    stale.metadata.labels = {"made-by": "somebody"}
    conflict = refusal(lambda: core.replace_namespaced_pod("written", namespace, stale))
    again = refusal(lambda: core.create_namespaced_pod(namespace, pod("written")))
    jsonpatch = core.patch_namespaced_pod("written", namespace, [{"op": "remove", "path": "/metadata/labels/more"}])
    core.create_namespaced_pod(namespace, pod("dry"), dry_run="All")
    invalid = refusal(lambda: core.create_namespaced_pod(namespace, pod("Not_A_Name")))
    unknown = refusal(
        lambda: core.create_namespaced_config_map(
            namespace, {"metadata": {"name": "unknown"}, "dat": {}}, field_validation="Strict"
        )
    )
    names = [item.metadata.name for item in core.list_namespaced_pod(namespace, label_selector="made-by=python").items]
    core.delete_collection_namespaced_pod(namespace, label_selector="made-by=python", grace_period_seconds=0)
    left = [item.metadata.name for item in core.list_namespaced_pod(namespace, label_selector="made-by=python").items]
    return {
        "uid": bool(created.metadata.uid),
        "conflict": conflict,
        "again": again,
        "labels": jsonpatch.metadata.labels,
        "invalid": invalid,
        "unknown": unknown,
        "names": names,
        "left": left,
    }


def scaling():
    """A Deployment through its scale subresource until it is available."""
    labels = {"app": "python"}
    apps.create_namespaced_deployment(
        namespace,
        client.V1Deployment(
            metadata=client.V1ObjectMeta(name="python"),
            spec=client.V1DeploymentSpec(
                replicas=1,
                selector=client.V1LabelSelector(match_labels=labels),
                template=client.V1PodTemplateSpec(
                    metadata=client.V1ObjectMeta(labels=labels),
                    spec=pod("ignored").spec,
                ),
            ),
        ),
    )
    apps.patch_namespaced_deployment_scale("python", namespace, {"spec": {"replicas": 3}})
    available = 0
    for event in watch.Watch().stream(apps.list_namespaced_deployment, namespace, field_selector="metadata.name=python", timeout_seconds=60):
        available = event["object"].status.available_replicas or 0
        if available == 3:
            break
    scale = apps.read_namespaced_deployment_scale("python", namespace)
    apps.delete_namespaced_deployment("python", namespace, propagation_policy="Foreground")
    return {"available": available, "scale": [scale.spec.replicas, scale.status.replicas, scale.status.selector]}


def connecting():
    """Logs, a command in a container, a forwarded port: of the pod `speaker`."""
    command = ["cat", "/etc/motd"]
    # Of a text that is no JSON this client makes the text of a Python object: its bytes are taken as they came.
    log = core.read_namespaced_pod_log("speaker", namespace, _preload_content=False).data.decode()
    tail = core.read_namespaced_pod_log("speaker", namespace, tail_lines=1, _preload_content=False).data.decode()
    answer = stream(
        core.connect_get_namespaced_pod_exec, "speaker", namespace, command=command, stdout=True, stderr=True, _preload_content=False
    )
    answer.run_forever(timeout=20)
    stdout, stderr, code = answer.read_stdout(timeout=0), answer.read_stderr(timeout=0), answer.returncode

    forward = portforward(core.connect_get_namespaced_pod_portforward, "speaker", namespace, ports="8080")
    socket = forward.socket(8080)
    socket.setblocking(True)
    socket.sendall(b"GET /healthz HTTP/1.1\r\nHost: speaker\r\nConnection: close\r\n\r\n")
    reply = b""
    while part := socket.recv(1024):
        reply += part
    socket.close()
    return {
        "log": log,
        "tail": tail,
        "exec": [stdout, stderr, code],
        "http": reply.decode().splitlines()[0],
        "error": forward.error(8080),
    }


print(json.dumps({"listing": listing, "watching": watching, "writing": writing, "scaling": scaling, "connecting": connecting}[topic]()))
