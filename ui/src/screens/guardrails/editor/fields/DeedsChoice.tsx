/** What is done about something in prompts and in answers. */

import Select from "@cloudscape-design/components/select";
import { DEEDS, type Deeds, SIDES } from "../../form/form";
import { useEditorTexts } from "../texts";

interface Shown {
  /** What it is about, for those who do not see where it stands. */
  of: string;
  deeds: Deeds;
  /** Whether it can be masked. */
  masks?: boolean;
  onChange: (deeds: Deeds) => void;
}

export function DeedsChoice({ of, deeds, masks = false, onChange }: Shown) {
  const texts = useEditorTexts();
  const options = DEEDS.filter((deed) => masks || deed !== "ANONYMIZE").map((value) => ({ value, label: texts.deeds[value] }));
  return (
    <div className="policy-sides">
      {SIDES.map((side) => (
        <Select
          key={side}
          inlineLabelText={texts.sides[side]}
          ariaLabel={texts.of(of, texts.sides[side])}
          selectedOption={options.find(({ value }) => value === deeds[side]) ?? null}
          options={options}
          onChange={({ detail }) => onChange({ ...deeds, [side]: detail.selectedOption.value })}
        />
      ))}
    </div>
  );
}
