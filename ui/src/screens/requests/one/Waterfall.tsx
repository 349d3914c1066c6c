/** What happened when: a row for each step, its bar where and as long as it was. A row opens to tell more. */

import { useId, useMemo, useState } from "react";
import type { RequestSpan } from "../../../api/shapes";
import { type Formats, useFormats } from "../../../texts/texts";
import { useRequestsTexts } from "../texts";
import { longest, type Step, steps, ticks } from "./waterfall";

/** Bars are drawn this wide, and stretched to the room there is. */
const WIDE = 1000;
const LEAST = 3;
/** Beyond this part of the axis there is no room for the name of a line. */
const ENDS = 0.92;

export function Waterfall({ spans, total }: { spans: RequestSpan[]; total: number }) {
  const { waterfall } = useRequestsTexts();
  const formats = useFormats();
  const all = useMemo(() => steps(spans, total), [spans, total]);
  const whole = Math.max(total, ...spans.map(({ offsetMs, durationMs }) => offsetMs + durationMs));
  const most = longest(all);
  const named = ticks(whole).filter((at) => at <= whole * ENDS);
  return (
    <div className="waterfall">
      <p className="waterfall-told">
        {most && whole > 0
          ? waterfall.told(duration(whole, formats), waterfall.nameOf(most.span), duration(most.span.durationMs, formats))
          : waterfall.toldWhole(duration(whole, formats))}
      </p>
      <div className="waterfall-axis" aria-hidden="true">
        <span />
        <div className="waterfall-ticks">
          {named.map((at) => (
            <span key={at} style={{ insetInlineStart: `${(at / whole) * 100}%` }}>
              {duration(at, formats)}
            </span>
          ))}
        </div>
      </div>
      <ol className="waterfall-steps" aria-label={waterfall.label}>
        {all.map((step) => (
          <Row key={step.span.spanId} step={step} marks={ticks(whole).map((at) => at / whole)} />
        ))}
      </ol>
    </div>
  );
}

function Row({ step: { span, depth, kind, from, share }, marks }: { step: Step; marks: number[] }) {
  const { waterfall } = useRequestsTexts();
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const more = useId();
  const name = waterfall.nameOf(span);
  const took = duration(span.durationMs, formats);
  const width = Math.max(share * WIDE, LEAST);
  return (
    <li>
      <button
        type="button"
        className="waterfall-step"
        aria-expanded={open}
        aria-controls={more}
        onClick={() => setOpen(!open)}
      >
        <span className={`waterfall-name waterfall-depth-${Math.min(depth, 3)}`}>
          <span className="waterfall-turn" aria-hidden="true" />
          {name}
          <span className="waterfall-hidden">{waterfall.from(duration(span.offsetMs, formats))}</span>
        </span>
        <svg viewBox={`0 0 ${WIDE} 20`} preserveAspectRatio="none" aria-hidden="true">
          {marks.map((at) => (
            <line key={at} className="waterfall-mark" x1={at * WIDE} x2={at * WIDE} y1="0" y2="20" />
          ))}
          <rect
            className={`waterfall-bar waterfall-${span.errorCode ? "failed" : span.name === "engine.decode" ? "decode" : kind}`}
            x={Math.min(from * WIDE, WIDE - width)}
            y={depth === 0 ? 6 : 3}
            width={width}
            height={depth === 0 ? 8 : 14}
          />
        </svg>
        <span className="waterfall-took">
          {took}
          {span.errorCode && <span className="waterfall-hidden">{waterfall.failed(span.errorCode)}</span>}
        </span>
      </button>
      {open && (
        <dl id={more} className="waterfall-more">
          <Pair name={waterfall.began} value={duration(span.offsetMs, formats)} />
          <Pair name={waterfall.took} value={took} />
          {span.errorCode && <Pair name={waterfall.error} value={span.errorCode} />}
          <Pair name={waterfall.span} value={`${span.name} · ${span.spanId}`} />
          {Object.entries(span.attributes).map(([attribute, value]) => (
            <Pair key={attribute} name={attribute} value={value} />
          ))}
        </dl>
      )}
    </li>
  );
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Most steps take a millisecond or less. */
function duration(milliseconds: number, formats: Formats): string {
  return milliseconds < 10 ? `${formats.number(milliseconds, milliseconds < 0.1 ? 2 : 1)} ms` : formats.duration(milliseconds);
}
