/** Columns that budgets and quotas have in common, and cells that are edited in place. */

import Input from "@cloudscape-design/components/input";
import type { TableProps } from "@cloudscape-design/components/table";
import type { ReactNode } from "react";
import type { BudgetSummary, QuotaSummary } from "../../../api/shapes";
import type { Names } from "../../../parts/names";
import { Subject } from "./whom/Subject";
import type { LimitTexts } from "./texts";

type Limit = BudgetSummary | QuotaSummary;

export function aboutColumn<Item extends Limit>(texts: LimitTexts, names: Names, own: string): TableProps.ColumnDefinition<Item> {
  return {
    id: "about",
    header: texts.about,
    minWidth: 130,
    cell: ({ appliesTo, countedPer, replacedKeys = [] }) => (
      <Subject appliesTo={appliesTo} countedPer={countedPer} replaced={replacedKeys.map(({ keyId }) => keyId)} names={names} own={own} />
    ),
  };
}

/** With who set it, where that was not the account itself. */
export function nameColumn<Item extends Limit>(texts: LimitTexts, nameOf: (item: Item) => string): TableProps.ColumnDefinition<Item> {
  return {
    id: "name",
    header: texts.name,
    isRowHeader: true,
    minWidth: 110,
    cell: (item) => (
      <>
        <span className="told">{nameOf(item)}</span>
        {item.setBy === "OPERATOR" && <div className="under">{texts.byOperator}</div>}
      </>
    ),
  };
}

interface Editable<Item> {
  id: string;
  header: string;
  shown: (item: Item) => ReactNode;
  /** What is edited. */
  text: (item: Item) => string;
  /** What is wrong with what was typed. */
  wrong: (item: Item, typed: string) => string | undefined;
  /** Why it cannot be edited. */
  locked: (item: Item) => string | undefined;
  hint?: string;
}

export function editableColumn<Item>({ id, header, shown, text, wrong, locked, hint }: Editable<Item>): TableProps.ColumnDefinition<Item> {
  return {
    id,
    header,
    minWidth: 100,
    cell: shown,
    editConfig: {
      ariaLabel: header,
      ...(hint && { constraintText: hint }),
      disabledReason: locked,
      validation: (item, typed: string | undefined) => (typed === undefined ? undefined : wrong(item, typed)),
      editingCell: (item, { currentValue, setValue }: TableProps.CellContext<string>) => (
        <Input autoFocus ariaLabel={header} value={currentValue ?? text(item)} onChange={({ detail }) => setValue(detail.value)} />
      ),
    },
  };
}
