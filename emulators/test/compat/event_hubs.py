"""What a Python program does with azure-eventhub 5.11 against the Event Hubs emulator over TLS; exits 1 with the first thing that fails.

Usage: event_hubs.py HOST KEY_NAME KEY CERTIFICATE. The hub `compat` has 2 partitions and the consumer group `python`.
The SDK drops the port of a connection string, so the emulator must listen on 5671.
"""

import logging
import sys
import threading
import time
from datetime import timedelta

from azure.core.exceptions import ClientAuthenticationError
from azure.eventhub import EventData, EventHubConsumerClient, EventHubProducerClient
from azure.eventhub.amqp import AmqpAnnotatedMessage
from azure.eventhub.exceptions import AuthenticationError, ConnectError, EventDataSendError, EventHubError

HOST, KEY_NAME, KEY, CERTIFICATE = sys.argv[1:5]
HUB = "compat"
logging.getLogger("azure").setLevel(logging.CRITICAL)


def connection(key=KEY):
    return f"Endpoint=sb://{HOST}/;SharedAccessKeyName={KEY_NAME};SharedAccessKey={key}"


def client_options(hub=HUB):
    return {"eventhub_name": hub, "connection_verify": CERTIFICATE, "retry_total": 0, "retry_backoff_factor": 0.1}


def producer(**options):
    return EventHubProducerClient.from_connection_string(connection(options.pop("key", KEY)), **{**client_options(), **options})


def consumer(group="$Default", **options):
    return EventHubConsumerClient.from_connection_string(connection(), group, **{**client_options(), **options})


def receive(count, partition_id=None, group="$Default", started=None, **options):
    """Receives until `count` events are there (or 20 s have passed); returns them as (partition, event)."""
    client = consumer(group)
    events = []
    done = threading.Event()

    def on_event(context, event):
        if event is not None:
            events.append((context.partition_id, event, context.last_enqueued_event_properties))
            if len(events) >= count:
                done.set()

    arguments = {"on_event": on_event, **options}
    if partition_id is not None:
        arguments["partition_id"] = partition_id
    thread = threading.Thread(target=client.receive, kwargs=arguments, daemon=True)
    thread.start()
    if started:
        started()
    done.wait(20)
    client.close()
    thread.join(5)
    assert len(events) >= count, f"received {len(events)} of {count} events with {options}"
    return events


def expect(error_types, action, text):
    try:
        action()
    except error_types as error:
        assert text.lower() in str(error).lower(), f"{error!r} does not mention {text!r}"
        return
    raise AssertionError(f"nothing was raised where {text!r} was expected")


def check_properties():
    with producer() as client:
        properties = client.get_eventhub_properties()
        assert properties["eventhub_name"] == HUB and properties["partition_ids"] == ["0", "1"], properties
        partition = client.get_partition_properties("0")
        assert partition["is_empty"] is True and partition["last_enqueued_sequence_number"] == -1, partition


def check_sending():
    with producer() as client:
        client.send_event(EventData("single"), partition_id="0")
        batch = client.create_batch(partition_id="0")
        for index in range(50):
            event = EventData(f"batched {index}")
            event.properties = {"index": index, "flag": True, "text": "é世", "half": 0.5}
            batch.add(event)
        client.send_batch(batch)
        client.send_batch([EventData(b"x" * 200_000), EventData(b"y" * 300_000)], partition_id="0")
        annotated = AmqpAnnotatedMessage(
            value_body={"nested": [1, True, None]}, properties={"message_id": "m1", "content_type": "application/json"}
        )
        client.send_event(annotated, partition_id="0")
        client.send_event(EventData("keyed"), partition_key="same key")
        client.send_batch([EventData("keyed again")], partition_key="same key")
        last = client.get_partition_properties("0")
        assert last["last_enqueued_sequence_number"] >= 53 and last["is_empty"] is False, last


def check_receiving():
    events = receive(54, partition_id="0", starting_position="-1")
    bodies = [event.body_as_str() for _, event, _ in events[:51]]
    assert bodies == ["single"] + [f"batched {index}" for index in range(50)], bodies
    assert [event.sequence_number for _, event, _ in events[:54]] == list(range(54))
    properties = events[1][1].properties
    assert properties == {b"index": 0, b"flag": True, b"text": "é世".encode(), b"half": 0.5}, properties
    assert len(b"".join(events[51][1].body)) == 200_000 and len(b"".join(events[52][1].body)) == 300_000
    assert events[53][1].raw_amqp_message.body == {b"nested": [1, True, None]}, events[53][1].raw_amqp_message.body
    assert events[53][1].message_id in ("m1", b"m1"), events[53][1].message_id
    offset, enqueued = events[10][1].offset, events[10][1].enqueued_time
    from_offset = receive(1, partition_id="0", group="python", starting_position=offset)
    assert from_offset[0][1].sequence_number == 11, from_offset[0][1].sequence_number
    from_sequence = receive(1, partition_id="0", starting_position=10, starting_position_inclusive=True)
    assert from_sequence[0][1].sequence_number == 10, from_sequence[0][1].sequence_number
    from_time = receive(1, partition_id="0", starting_position=enqueued - timedelta(days=1))
    assert from_time[0][1].sequence_number == 0, from_time[0][1].sequence_number
    tracked = receive(1, partition_id="0", starting_position="-1", track_last_enqueued_event_properties=True)
    assert tracked[0][2]["sequence_number"] >= 53, tracked[0][2]
    keyed = [(partition, event) for partition, event, _ in receive(56, starting_position="-1") if event.partition_key]
    assert {event.partition_key for _, event in keyed} == {b"same key"}, keyed
    assert len({partition for partition, _ in keyed}) == 1 and len(keyed) == 2, keyed


def check_latest():
    def send_later():
        threading.Timer(2, lambda: send_one("later")).start()

    events = receive(1, partition_id="1", starting_position="@latest", started=send_later)
    assert events[0][1].body_as_str() == "later", events


def send_one(body):
    with producer() as client:
        client.send_event(EventData(body), partition_id="1")


def check_owner_level():
    errors = []
    stolen = threading.Event()
    first = consumer()

    def on_error(_, error):
        errors.append(error)
        stolen.set()

    started = threading.Event()
    arguments = {
        "on_event": lambda context, event: started.set(),
        "on_error": on_error,
        "partition_id": "0",
        "starting_position": "-1",
        "owner_level": 1,
    }
    thread = threading.Thread(target=first.receive, kwargs=arguments, daemon=True)
    thread.start()
    assert started.wait(20), "the first owner received nothing"
    receive(1, partition_id="0", starting_position="-1", owner_level=2)
    assert stolen.wait(20), "the first owner was not disconnected"
    assert "stolen" in str(errors[0]).lower() or "epoch" in str(errors[0]).lower(), errors[0]
    first.close()
    thread.join(5)


def read_unknown_group():
    errors = []
    failed = threading.Event()

    def on_error(_, error):
        errors.append(error)
        failed.set()

    client = consumer("no-such-group")
    arguments = {"on_event": lambda context, event: None, "on_error": on_error, "partition_id": "0"}
    thread = threading.Thread(target=client.receive, kwargs=arguments, daemon=True)
    thread.start()
    failed.wait(20)
    client.close()
    thread.join(5)
    if errors:
        raise errors[0]


def check_refusals():
    wrong_key = producer(key="bm90IHRoZSBrZXk=")
    expect((AuthenticationError, ClientAuthenticationError, ConnectError), wrong_key.get_eventhub_properties, "invalid signature")
    wrong_key.close()
    unknown = producer(eventhub_name="no-such-hub")
    expect(EventHubError, unknown.get_eventhub_properties, "NotFound")
    unknown.close()
    expect(EventHubError, read_unknown_group, "could not be found")
    with producer() as client:
        expect((EventDataSendError, EventHubError), lambda: client.send_event(EventData(b"z" * 1_100_000)), "exceeds the limit")


for check in (check_properties, check_sending, check_receiving, check_latest, check_owner_level, check_refusals):
    began = time.monotonic()
    try:
        check()
    except Exception as failure:  # the driver wants one line for whatever went wrong
        print(f"not ok {check.__name__}: {type(failure).__name__}: {failure}", flush=True)
        raise
    print(f"ok {check.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
