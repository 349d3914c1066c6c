/** How documents are cut into chunks: the strategies in plain words, and the figures of the one that is chosen. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type Draft, FIGURES, STRATEGIES, type Strategy } from "./draft";
import { useSourcesTexts } from "./texts";

interface Shown {
  draft: Draft;
  bad: (keyof Draft)[];
  change: (changes: Partial<Draft>) => void;
}

export function ChunkingFields({ draft, bad, change }: Shown) {
  const own = useSourcesTexts();
  const figures = FIGURES[draft.strategy];
  return (
    <SpaceBetween size="m">
      <FormField label={own.chunking} description={own.chunkingText}>
        <RadioGroup
          value={draft.strategy}
          ariaLabel={own.chunking}
          items={STRATEGIES.map((value) => ({ value, label: own.strategies[value], description: own.strategyTexts[value] }))}
          onChange={({ detail }) => change({ strategy: detail.value as Strategy })}
        />
      </FormField>
      {figures.length > 0 && (
        <div className="filters">
          {figures.map(([name, low, high]) => (
            <FormField key={name} label={own.figures[name]} errorText={bad.includes(name) && own.number(low, high)}>
              <Input value={draft[name]} inputMode="numeric" onChange={({ detail }) => change({ [name]: detail.value })} />
            </FormField>
          ))}
        </div>
      )}
    </SpaceBetween>
  );
}
