/** The sums of a report. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import type { UsageGroup } from "../../../api/shapes";
import { useFormats } from "../../../texts/texts";
import { useAmounts } from "../../../parts/amounts";
import { tokensOf } from "./report";
import { useUsageTexts } from "../texts";

export function Figures({ totals }: { totals: UsageGroup[] }) {
  const { figures } = useUsageTexts();
  const formats = useFormats();
  const { energy, money, short } = useAmounts();
  const sum = (of: (group: UsageGroup) => number) => totals.reduce((all, group) => all + of(group), 0);
  const paid = totals.filter(({ cost }) => Number(cost) > 0);
  // Percentiles of two currencies cannot be added: those of the larger part are told.
  const most = totals.reduce((one, other) => (other.invocations > one.invocations ? other : one));
  const cached = sum((group) => group.cacheReadInputTokens + group.cacheWriteInputTokens);
  const items = [
    {
      label: figures.cost,
      figure: (paid.length > 0 ? paid : totals.slice(0, 1)).map((group) => money(Number(group.cost), group.currency)).join(" + "),
      under: "",
    },
    {
      label: figures.tokens,
      figure: short(sum(tokensOf)),
      under:
        figures.tokensOf(short(sum((group) => group.inputTokens)), short(sum((group) => group.outputTokens))) +
        (cached > 0 ? `, ${figures.cached(short(sum((group) => group.cacheReadInputTokens)), short(sum((group) => group.cacheWriteInputTokens)))}` : ""),
    },
    {
      label: figures.invocations,
      figure: formats.number(sum((group) => group.invocations)),
      under: figures.failed(formats.number(sum((group) => group.errors)), formats.number(sum((group) => group.cancelled))),
    },
    ...(most.latencyMs
      ? [
          {
            label: figures.latency,
            figure: formats.duration(most.latencyMs.p50),
            under: figures.latencyOf(formats.duration(most.latencyMs.p90), formats.duration(most.latencyMs.p99)),
          },
        ]
      : []),
    ...(sum((group) => group.energyKwh) > 0
      ? [{ label: figures.energy, figure: energy(sum((group) => group.energyKwh)), under: figures.energyText }]
      : []),
  ];
  return (
    <Container>
      <KeyValuePairs
        columns={4}
          minColumnWidth={120}
        items={items.map(({ label, figure, under }) => ({
          label,
          value: (
            <>
              <Box variant="span" fontSize="heading-l" fontWeight="bold">
                {figure}
              </Box>
              {under && <div className="under">{under}</div>}
            </>
          ),
        }))}
      />
    </Container>
  );
}
