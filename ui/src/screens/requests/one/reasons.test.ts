import { expect, test } from "vitest";
import { policyFor, why } from "./reasons";

const failed = (errorCode: string, errorMessage = "") => why({ errorCode, errorMessage, outcome: "CLIENT_ERROR" });

test("a denial names the action and the resource", () => {
  const told =
    "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: bedrock:InvokeModel on resource: " +
    "arn:aws:bedrock:us-east-1::foundation-model/x because no identity-based policy allows the bedrock:InvokeModel action";
  const found = failed("AccessDeniedException", told);
  expect(found).toEqual({ reason: "denied", action: "bedrock:InvokeModel", resource: "arn:aws:bedrock:us-east-1::foundation-model/x" });
  expect(JSON.parse(policyFor(found ?? { reason: "denied" })).Statement[0].Action).toBe("bedrock:InvokeModel");
});

test("one that a policy denies is told apart, and one that no policy has a say in", () => {
  expect(failed("AccessDeniedException", "not authorized to perform: a:B with an explicit deny in a policy")).toEqual({
    reason: "explicitlyDenied",
    action: "a:B",
  });
  expect(failed("AccessDeniedException", "You don't have access to it.")).toEqual({ reason: "noAccess" });
});

test("a limit has its name", () => {
  expect(failed("ThrottlingException", "Too many requests, please wait before trying again. The quota 'small' lets 1 requests run at once.")).toEqual({
    reason: "quota",
    limit: "small",
  });
  expect(failed("ServiceQuotaExceededException", "The budget 'June' is in USD, and the price")).toEqual({ reason: "budget", limit: "June" });
  expect(failed("ThrottlingException", "The script is busy.")).toEqual({ reason: "throttled" });
});

test("what is not known by name is the client's or the server's fault", () => {
  expect(failed("TooManyTagsException")).toEqual({ reason: "refused" });
  expect(why({ errorCode: "InternalServerException", outcome: "SERVER_ERROR" })).toEqual({ reason: "failed" });
  expect(why({ outcome: "SUCCESS" })).toBeNull();
});
