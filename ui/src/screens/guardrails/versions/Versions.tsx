/** The versions of a guardrail: creating, testing, comparing and deleting them. */

import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";
import { Empty } from "../../../parts/Empty";
import { useFormats } from "../../../texts/texts";
import { DRAFT, type Whole } from "../calls";
import { Compare, type Pair } from "./Compare";
import { NewVersion } from "./NewVersion";
import { useVersionsTexts } from "./texts";
import { VersionRemoval } from "./VersionRemoval";

interface Shown {
  id: string;
  whole: Whole;
  unsaved: boolean;
  /** The version that the tester asks. */
  tested: string;
  onTest: (version: string) => void;
  onChanged: () => void;
}

export function Versions({ id, whole, unsaved, tested, onTest, onChanged }: Shown) {
  const texts = useVersionsTexts();
  const formats = useFormats();
  const { versions, draft } = whole;
  const [creating, setCreating] = useState(false);
  const [removing, setRemoving] = useState<string | null>(null);
  const [pair, setPair] = useState<Pair | null>(null);
  const newest = versions[0]?.version;
  const create = <Button onClick={() => setCreating(true)}>{texts.create}</Button>;
  return (
    <SpaceBetween size="l">
      <Table
        items={versions}
        trackBy="version"
        variant="container"
        wrapLines
        header={
          <Header
            variant="h2"
            description={texts.text}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                {newest && <Button onClick={() => setPair({ from: newest, to: DRAFT })}>{texts.compare}</Button>}
                {versions.length > 0 && create}
              </SpaceBetween>
            }
          >
            {texts.title}
          </Header>
        }
        empty={
          <Empty title={texts.none} text={texts.noneText}>
            {create}
          </Empty>
        }
        ariaLabels={{ tableLabel: texts.title }}
        columnDefinitions={[
          {
            id: "version",
            header: texts.version,
            isRowHeader: true,
            cell: ({ version = "", description, createdAt }) => (
              <>
                <strong>{texts.number(version)}</strong>
                {description && <div>{description}</div>}
                <div className="under">{createdAt ? formats.time(createdAt) : ""}</div>
              </>
            ),
          },
          {
            id: "actions",
            header: texts.actions,
            cell: ({ version = "" }) => (
              <SpaceBetween direction="horizontal" size="xs">
                <Button disabled={tested === version} ariaLabel={tested === version ? texts.testedOf(version) : texts.testOf(version)} onClick={() => onTest(version)}>
                  {tested === version ? texts.tested : texts.test}
                </Button>
                <Button
                  variant="icon"
                  iconName="transcript"
                  ariaLabel={texts.compareWith(version)}
                  onClick={() => setPair({ from: version, to: DRAFT })}
                />
                <Button variant="icon" iconName="remove" ariaLabel={texts.remove(version)} onClick={() => setRemoving(version)} />
              </SpaceBetween>
            ),
          },
        ]}
      />
      {pair && <Compare id={id} pair={pair} versions={versions.map(({ version = "" }) => version)} onChange={setPair} />}
      {creating && (
        <NewVersion
          id={id}
          unsaved={unsaved}
          onClose={() => setCreating(false)}
          onMade={() => {
            setCreating(false);
            onChanged();
          }}
        />
      )}
      {removing !== null && (
        <VersionRemoval
          id={id}
          name={draft.name ?? id}
          version={removing}
          onClose={() => setRemoving(null)}
          onRemoved={() => {
            setRemoving(null);
            setPair(null);
            onChanged();
          }}
        />
      )}
    </SpaceBetween>
  );
}
