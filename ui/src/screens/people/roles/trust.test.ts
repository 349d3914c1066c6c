import { expect, test } from "vitest";
import { documentOf, mistakesIn, OWN_ACCOUNT, trustIn } from "./trust";

const OWNER = "123456789012";
const ADA = "arn:aws:iam::123456789012:user/ada";

test("what the form says comes back from its document", () => {
  for (const trust of [
    OWN_ACCOUNT,
    { account: false, names: ADA, externalId: "", tagging: false },
    { account: true, names: `${ADA}\n111122223333`, externalId: "4711-ab", tagging: true },
  ]) {
    expect(trustIn(documentOf(trust, OWNER), OWNER)).toEqual(trust);
  }
  expect(JSON.parse(documentOf({ account: false, names: ADA, externalId: "4711", tagging: false }, OWNER))).toEqual({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: ADA }, Action: "sts:AssumeRole", Condition: { StringEquals: { "sts:ExternalId": "4711" } } }],
  });
});

test("what says more than the form can stays a document", () => {
  const allow = { Effect: "Allow", Principal: { AWS: ADA }, Action: "sts:AssumeRole" };
  const others = [
    { Statement: [allow, allow] },
    { Statement: { ...allow, Effect: "Deny" } },
    { Statement: { ...allow, Sid: "mine" } },
    { Statement: { ...allow, Action: "sts:*" } },
    { Statement: { ...allow, Principal: "*" } },
    { Statement: { ...allow, Principal: { AWS: "*" } } },
    { Statement: { ...allow, Principal: { AWS: ADA, Service: "lambda.amazonaws.com" } } },
    { Statement: { ...allow, Condition: { StringLike: { "sts:ExternalId": "x*" } } } },
    { Statement: { ...allow, Condition: { StringEquals: { "sts:ExternalId": ["a", "b"] } } } },
    { Version: "2008-10-17", Statement: allow },
  ];
  expect(others.map((document) => trustIn(JSON.stringify(document), OWNER))).toEqual(others.map(() => null));
  expect(trustIn("no JSON", OWNER)).toBeNull();
  expect(trustIn(JSON.stringify({ Statement: allow }), OWNER)).toEqual({ account: false, names: ADA, externalId: "", tagging: false });
});

test("nobody and what is no name are mistakes", () => {
  expect(mistakesIn(OWN_ACCOUNT)).toEqual([]);
  expect(mistakesIn({ account: false, names: " ", externalId: "ä", tagging: true })).toEqual(["nobody", "externalId"]);
  expect(mistakesIn({ account: false, names: "arn:aws:iam::123456789012:user/*", externalId: "", tagging: true })).toEqual(["name"]);
});
