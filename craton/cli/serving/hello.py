"""The greeting of `craton serve --hello`: a plain boto3 program in its own process. It knows only its environment."""

import sys

import boto3


def main(model: str) -> None:
    question = "What is the capital of France?"
    print(f"you    {question}", flush=True)
    answer = boto3.client("bedrock-runtime").converse_stream(
        modelId=model,
        messages=[{"role": "user", "content": [{"text": question}]}],
        inferenceConfig={"maxTokens": 100, "temperature": 0},
    )
    for event in answer["stream"]:
        if "messageStart" in event:
            print("model  ", end="", flush=True)
        elif "contentBlockDelta" in event:
            print(event["contentBlockDelta"]["delta"]["text"], end="", flush=True)
        elif "metadata" in event:
            usage, metrics = event["metadata"]["usage"], event["metadata"]["metrics"]
            print(
                f"\n       ({usage['inputTokens']} tokens in, {usage['outputTokens']} out, {metrics['latencyMs']} ms)"
            )


if __name__ == "__main__":
    main(sys.argv[1])
