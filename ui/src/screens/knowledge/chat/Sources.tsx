/** The passages that an answer cites, by number. */

import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Passage } from "../passages";
import { PassageAttributes, PassageSource, PassageText } from "../PassageView";
import { useKnowledgeTexts } from "../texts";
import { useChatTexts } from "./texts";

interface Shown {
  passages: Passage[];
  /** Its words are marked in the passages. */
  answer: string;
  baseId: string;
  open: number | null;
  onOpen: (number: number | null) => void;
}

export function Sources({ passages, answer, baseId, open, onOpen }: Shown) {
  const own = useChatTexts();
  const { page } = useKnowledgeTexts();
  return (
    <div className="knowledge-sources">
      <Box variant="awsui-key-label">{own.sources}</Box>
      {passages.map((passage, place) => {
        const number = place + 1;
        const where = passage.page === null ? passage.name : `${passage.name}, ${page(passage.page)}`;
        return (
          <div key={passage.key} data-source={number}>
            <ExpandableSection
              headerText={`${number} · ${where}`}
              headerAriaLabel={own.source(number, where)}
              expanded={open === number}
              onChange={({ detail }) => onOpen(detail.expanded ? number : null)}
            >
              <SpaceBetween size="xs">
                <PassageText passage={passage} query={answer} />
                <PassageSource passage={passage} baseId={baseId} />
                <PassageAttributes passage={passage} />
              </SpaceBetween>
            </ExpandableSection>
          </div>
        );
      })}
    </div>
  );
}
