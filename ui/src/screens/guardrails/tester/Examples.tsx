/** Texts to begin with. */

import Button from "@cloudscape-design/components/button";
import { Empty } from "../../../parts/Empty";
import type { Source } from "./asked";
import { useTesterTexts } from "./texts";

export function Examples({ source, onChoose }: { source: Source; onChoose: (text: string) => void }) {
  const texts = useTesterTexts();
  return (
    <Empty title={texts.empty} text={texts.emptyText}>
      <div className="tester-examples">
        {texts.examples[source].map(([name, text]) => (
          <Button key={name} onClick={() => onChoose(text)}>
            {name}
          </Button>
        ))}
      </div>
    </Empty>
  );
}
