"""OpenAI Responses in the background: polled, followed from where a stream was left, cancelled."""

import json
import sys
import time

from openai import OpenAI

model = sys.argv[1]
client = OpenAI()

polled = client.responses.create(model=model, input="Hello", background=True)
statuses = [polled.status]
while polled.status in ("queued", "in_progress"):
    time.sleep(0.02)
    polled = client.responses.retrieve(polled.id)

left = []
with client.responses.create(model=model, input="talk for a second", background=True, stream=True) as stream:
    for event in stream:
        left.append(event)
        if len(left) == 20:
            break
name, place = left[0].response.id, left[-1].sequence_number
rest = list(client.responses.retrieve(name, stream=True, starting_after=place))
with client.responses.stream(response_id=name) as stream:
    again = stream.get_final_response()

endless = client.responses.create(model=model, input="talk forever", background=True)
while client.responses.retrieve(endless.id).status == "queued":
    time.sleep(0.02)
cancelled = client.responses.cancel(endless.id)

deltas = [event.delta for event in [*left, *rest] if event.type == "response.output_text.delta"]
print(
    json.dumps(
        {
            "status": [statuses[0], polled.status],
            "polled": polled.output_text,
            "numbers": [event.sequence_number for event in [*left, *rest]],
            "streamed": "".join(deltas),
            "last": rest[-1].type,
            "again": again.output_text,
            "cancelled": [cancelled.status, client.responses.retrieve(endless.id).status],
        }
    )
)
