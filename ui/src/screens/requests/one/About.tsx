/** Who asked what, when and from where, with ways to all that is like it. */

import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import type { ReactNode } from "react";
import type { GetRequestResponse } from "../../../api/shapes";
import { follow, href } from "../../../app/address";
import { useFormats, useTexts } from "../../../texts/texts";
import { useAmounts } from "../../../parts/amounts";
import type { Names } from "../../../parts/names";
import { addressOf } from "../filters";
import { Outcome } from "../Outcome";
import { useRequestsTexts } from "../texts";
import { clientOf, operationOf } from "../words";

export function About({ request, names }: { request: GetRequestResponse; names: Names }) {
  const texts = useRequestsTexts();
  const formats = useFormats();
  const amounts = useAmounts();
  const { about } = texts;
  const { operation, modelId, principal, accessKeyId, usage, cost, currency } = request;
  return (
    <Container header={<Header variant="h2">{about.title}</Header>}>
      <KeyValuePairs
        columns={4}
        minColumnWidth={150}
        items={[
          { label: texts.columns.outcome, value: <Outcome outcome={request.outcome} status={request.status} error={request.errorCode} /> },
          { label: about.began, value: formats.time(new Date(request.startedAt)) },
          { label: texts.columns.latency, value: formats.duration(request.latencyMs) },
          { label: about.requestId, value: <Copied text={request.requestId} label={about.requestId} /> },
          {
            label: texts.columns.operation,
            value: operation ? (
              <>
                <To address={addressOf({ operation })}>{operationOf(operation)}</To>
                <div className="under">{operation}</div>
              </>
            ) : (
              "–"
            ),
          },
          {
            label: texts.columns.model,
            value: modelId ? (
              <>
                <To address={`/models/${encodeURIComponent(modelId)}`}>{names.of("model", modelId)}</To>
                <Also address={`/usage#model=${encodeURIComponent(modelId)}`}>{about.usage}</Also>
              </>
            ) : (
              "–"
            ),
          },
          {
            label: texts.columns.who,
            value: principal ? (
              <>
                <Person arn={principal} name={names.of("principal", principal)} />
                <Also address={addressOf({ principal })}>{about.theirs}</Also>
              </>
            ) : (
              "–"
            ),
          },
          {
            label: texts.filters.key,
            value: accessKeyId ? (
              <>
                <To address={`/keys/${encodeURIComponent(accessKeyId)}`}>{names.full("key", accessKeyId)}</To>
                <Also address={`/usage#key=${encodeURIComponent(accessKeyId)}`}>{about.usage}</Also>
              </>
            ) : (
              "–"
            ),
          },
          { label: texts.columns.tokens, value: usage ? about.tokens(formats.number(usage.inputTokens), formats.number(usage.outputTokens)) : "–" },
          { label: texts.columns.cost, value: cost !== undefined && currency ? amounts.money(Number(cost), currency) : "–" },
          {
            label: about.client,
            value: (
              <>
                <span title={request.userAgent}>{clientOf(request.userAgent)}</span>
                <div className="under">{request.sourceIp}</div>
              </>
            ),
          },
          { label: about.traceId, value: <Copied text={request.traceId} label={about.traceId} /> },
          ...(request.auditHash ? [{ label: about.audit, value: <Copied text={request.auditHash} label={about.audit} /> }] : []),
        ]}
      />
    </Container>
  );
}

function To({ address, children }: { address: string; children: ReactNode }) {
  return (
    <Link href={href(address)} onFollow={follow}>
      {children}
    </Link>
  );
}

function Also({ address, children }: { address: string; children: ReactNode }) {
  return (
    <div>
      <Link variant="secondary" fontSize="body-s" href={href(address)} onFollow={follow}>
        {children}
      </Link>
    </div>
  );
}

function Person({ arn, name }: { arn: string; name: string }) {
  const user = /:user\/(.+)$/.exec(arn)?.[1];
  return user ? <To address={`/people/users/${encodeURIComponent(user)}`}>{user}</To> : name;
}

function Copied({ text, label }: { text: string; label: string }) {
  const texts = useTexts();
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={text}
      wrapText
      copyButtonAriaLabel={`${texts.copy}: ${label}`}
      copySuccessText={texts.copied}
      copyErrorText={texts.notCopied}
    />
  );
}
