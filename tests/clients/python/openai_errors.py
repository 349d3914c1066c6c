"""OpenAI: what a caller catches, and what the client tries again by itself."""

import json
import sys

from openai import APIError, OpenAI

model = sys.argv[1]
client = OpenAI(max_retries=0)


def said(text):
    return [{"role": "user", "content": text}]


def caught(call, **request):
    try:
        call(**request)
    except APIError as error:
        status, request_id = getattr(error, "status_code", None), getattr(error, "request_id", None)
        told = {"name": type(error).__name__, "status": status, "code": error.code, "param": error.param}
        return {**told, "request_id": request_id, "message": error.message}
    return None


create = client.chat.completions.create
cases = {
    "model": caught(create, model="nobody.knows-it", messages=said("Hello")),
    "key": caught(OpenAI(api_key="nonsense", max_retries=0).models.list),
    "busy": caught(create, model=model, messages=said("fail before")),
    "parameter": caught(create, model=model, messages=said("Hello"), extra_body={"best_of": 2}),
    "path": caught(client.files.list),
    "stream": caught(lambda **request: list(create(**request)), model=model, messages=said("fail after"), stream=True),
    "retried": caught(OpenAI(max_retries=1).chat.completions.create, model=model, messages=said("fail before")),
}
print(json.dumps(cases))
