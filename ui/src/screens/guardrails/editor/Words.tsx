/** The managed list of profanity, and the guardrail's own words. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import Table from "@cloudscape-design/components/table";
import Textarea from "@cloudscape-design/components/textarea";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useState } from "react";
import { BLOCKING, type Deeds, type Word } from "../form/form";
import { DeedsChoice } from "./fields/DeedsChoice";
import { linesIn } from "./fields/Lines";
import type { Part } from "./fields/part";
import { useEditorTexts } from "./texts";

const PAGE = 8;

export function Words({ form, change }: Part) {
  const { words: texts } = useEditorTexts();
  return (
    <>
      <div className="policy-row" role="group" aria-label={texts.profanity}>
        <div>
          <strong>{texts.profanity}</strong>
          <div className="under">{texts.profanityText}</div>
        </div>
        <DeedsChoice of={texts.profanity} deeds={form.profanity} onChange={(profanity) => change({ profanity })} />
      </div>
      <Adding words={form.words} onChange={(words) => change({ words })} />
      {form.words.length > 0 && <List words={form.words} onChange={(words) => change({ words })} />}
    </>
  );
}

interface Shown {
  words: Word[];
  onChange: (words: Word[]) => void;
}

function Adding({ words, onChange }: Shown) {
  const { words: texts } = useEditorTexts();
  const [written, setWritten] = useState("");

  function add(): void {
    const known = new Set(words.map(({ text }) => text.toLowerCase()));
    const fresh = linesIn(written).filter((text) => !known.has(text.toLowerCase()) && known.add(text.toLowerCase()));
    onChange([...words, ...fresh.map((text) => ({ text, deeds: BLOCKING }))]);
    setWritten("");
  }

  return (
    <div>
      <FormField label={texts.add} description={`${texts.ownText} ${texts.addText}`} stretch>
        <Textarea value={written} rows={2} onChange={({ detail }) => setWritten(detail.value)} />
      </FormField>
      <Box padding={{ top: "xs" }}>
        <Button iconName="add-plus" disabled={linesIn(written).length === 0} onClick={add}>
          {texts.addButton}
        </Button>
      </Box>
    </div>
  );
}

function List({ words, onChange }: Shown) {
  const { words: texts } = useEditorTexts();
  const placed = words.map((word, place) => ({ ...word, place }));
  const { items, collectionProps, filterProps, paginationProps } = useCollection(placed, {
    filtering: { fields: ["text"], noMatch: <Box textAlign="center">{texts.noMatch}</Box> },
    pagination: { pageSize: PAGE },
  });
  const set = (place: number, deeds: Deeds) => onChange(words.map((word, at) => (at === place ? { ...word, deeds } : word)));
  return (
    <Table
      {...collectionProps}
      items={items}
      trackBy="place"
      variant="borderless"
      header={
        <Header
          variant="h3"
          counter={`(${words.length})`}
          actions={
            <Button variant="inline-link" onClick={() => onChange([])}>
              {texts.removeAll}
            </Button>
          }
        >
          {texts.own}
        </Header>
      }
      filter={words.length > PAGE && <TextFilter {...filterProps} filteringPlaceholder={texts.find} filteringAriaLabel={texts.find} />}
      pagination={
        words.length > PAGE && (
          <Pagination
            {...paginationProps}
            ariaLabels={{ previousPageLabel: texts.previous, nextPageLabel: texts.next, pageLabel: texts.page }}
          />
        )
      }
      ariaLabels={{ tableLabel: texts.own }}
      columnDefinitions={[
        {
          id: "text",
          header: texts.word,
          isRowHeader: true,
          cell: ({ text, deeds, place }) => (
            <div className="policy-row policy-row-tight">
              <span className="policy-word">
                <Button
                  variant="inline-icon"
                  iconName="close"
                  ariaLabel={texts.remove(text)}
                  onClick={() => onChange(words.filter((_, at) => at !== place))}
                />{" "}
                {text}
              </span>
              <DeedsChoice of={text} deeds={deeds} onChange={(changed) => set(place, changed)} />
            </div>
          ),
        },
      ]}
    />
  );
}
