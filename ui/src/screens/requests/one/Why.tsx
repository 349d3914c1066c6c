/** Why a request failed, and what helps; nothing where it did not. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { GetRequestResponse } from "../../../api/shapes";
import { follow, href } from "../../../app/address";
import { Code } from "../../../parts/Code";
import { useRequestsTexts } from "../texts";
import { policyFor, type Reason, why, type Why as Found } from "./reasons";

export function Why({ request }: { request: GetRequestResponse }) {
  const { reasons } = useRequestsTexts();
  const found = why(request);
  if (found === null) return null;
  const { what, help } = reasons.of[found.reason];
  const told = { action: found.action ?? "", limit: found.limit ?? "" };
  const way = wayFrom(found, request);
  return (
    <Alert
      type={request.outcome === "SERVER_ERROR" ? "error" : "warning"}
      header={what(told)}
      action={
        way && (
          <Button href={href(way.to)} onFollow={follow}>
            {reasons.ways[way.name]}
          </Button>
        )
      }
    >
      <SpaceBetween size="s">
        <div>{help(told)}</div>
        {found.reason === "denied" && <Code code={policyFor(found)} language="javascript" label={reasons.policy} />}
        {request.errorMessage && (
          <div>
            <Box variant="awsui-key-label">{reasons.told}</Box>
            <div className="told" lang="en">
              {request.errorMessage}
            </div>
          </div>
        )}
        <Box variant="small" color="text-body-secondary">
          {[request.status || null, request.errorCode].filter(Boolean).join(" ")}
        </Box>
      </SpaceBetween>
    </Alert>
  );
}

type Way = "user" | "key" | "quotas" | "budgets" | "models" | "coverage";

const WAYS: Partial<Record<Reason, [Way, string]>> = {
  quota: ["quotas", "/usage/quotas"],
  throttled: ["quotas", "/usage/quotas"],
  budget: ["budgets", "/usage/budgets"],
  noAccess: ["models", "/models"],
  tooLong: ["models", "/models"],
  notReady: ["models", "/models"],
  unserved: ["coverage", "/coverage"],
};

/** Where it can be mended. */
function wayFrom({ reason }: Found, { principal = "", accessKeyId }: GetRequestResponse): { name: Way; to: string } | null {
  if (reason === "denied" || reason === "explicitlyDenied") {
    const user = /:user\/(.+)$/.exec(principal)?.[1];
    return user ? { name: "user", to: `/people/users/${encodeURIComponent(user)}` } : null;
  }
  if (reason === "expired") return accessKeyId ? { name: "key", to: `/keys/${encodeURIComponent(accessKeyId)}` } : null;
  const way = WAYS[reason];
  return way ? { name: way[0], to: way[1] } : null;
}
