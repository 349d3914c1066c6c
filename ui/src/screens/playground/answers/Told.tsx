/** How an answer came about: tokens, times, cost and why it ended. */

import { useFormats } from "../../../texts/texts";
import { type Answer, rate } from "../talk/answer";
import { usePlaygroundTexts } from "../texts/texts";

export function Told({ answer: { figures, reason, cost } }: { answer: Answer }) {
  const { figures: named, reasons } = usePlaygroundTexts();
  const formats = useFormats();
  const { inputTokens, outputTokens, first, total } = figures;
  const speed = rate(figures);
  const told: [string, string | null][] = [
    [named.input, inputTokens === undefined ? null : formats.number(inputTokens)],
    [named.output, outputTokens === undefined ? null : formats.number(outputTokens)],
    [named.first, first === undefined ? null : formats.duration(first)],
    [named.rate, speed === null ? null : formats.number(speed, speed < 10 ? 1 : 0)],
    [named.total, total === undefined ? null : formats.duration(total)],
    [named.cost, cost && `${formats.number(Number(cost.amount), 9)} ${cost.currency}`],
    [named.reason, reason && (Object.hasOwn(reasons, reason) ? reasons[reason as keyof typeof reasons] : reason)],
  ];
  const shown = told.filter(([, value]) => value !== null);
  if (shown.length === 0) return null;
  return (
    <dl className="figures" title={named.text}>
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
