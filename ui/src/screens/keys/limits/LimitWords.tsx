/** The limits of a key, in few words. */

import { useFormats } from "../../../texts/texts";
import { useAmounts } from "../../../parts/amounts";
import { COUNTS } from "../../usage/limits/limits";
import type { Limited } from "../keys";
import { useKeyTexts } from "../texts";

export function LimitWords({ limits }: { limits: Limited | null }) {
  const texts = useKeyTexts();
  const formats = useFormats();
  const { money } = useAmounts();
  if (!limits) return "–";
  const words = [
    ...limits.quotas.flatMap((quota) => COUNTS.filter((name) => quota[name] !== undefined).map((name) => texts.short[name](formats.number(quota[name] ?? 0)))),
    ...limits.budgets.map(({ amount, currency }) => texts.short.budget(money(Number(amount), currency))),
  ];
  if (words.length === 0) return <span className="under">{texts.unlimited}</span>;
  return words.map((word) => <div key={word}>{word}</div>);
}
