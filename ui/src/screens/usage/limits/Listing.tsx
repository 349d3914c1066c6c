/** What is set by name, as a table: made, changed in place or as a whole, and deleted once that is confirmed. */

import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { type ReactNode, useState } from "react";
import type { Call } from "../../../api/call";
import type { Loading } from "../../../api/polling";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { useTexts } from "../../../texts/texts";
import { useLimitTexts } from "./texts";

interface Shown<Item> {
  texts: {
    title: string;
    text: string;
    create: string;
    empty: string;
    emptyText: string;
    remove: (name: string) => string;
    removeText: string;
  };
  asked: Loading<Item[]>;
  calls: Call[];
  columns: TableProps.ColumnDefinition<Item>[];
  nameOf: (item: Item) => string;
  /** By which it is known again; a name may be there twice. */
  keyOf: (item: Item) => string;
  creates: boolean;
  /** Whether the caller may change it. */
  mine: (item: Item) => boolean;
  onCell?: (item: Item, column: string, typed: string) => Promise<void>;
  /** The call that deletes one. */
  deletes: (item: Item) => Call;
  onDelete: (item: Item) => Promise<void>;
  /** Makes one, or changes all of one. */
  form: (item: Item | null, onDone: () => void, onClose: () => void) => ReactNode;
}

export function Listing<Item>({ texts, asked, calls, columns, nameOf, keyOf, creates, mine, onCell, deletes, onDelete, form }: Shown<Item>) {
  const shared = useTexts();
  const limits = useLimitTexts();
  const { answer, failure, loading, again } = asked;
  const [editing, setEditing] = useState<Item | "new" | null>(null);
  const [leaving, setLeaving] = useState<Item | null>(null);
  const create = (variant: "primary" | "normal") =>
    creates && (
      <Button variant={variant} onClick={() => setEditing("new")}>
        {texts.create}
      </Button>
    );
  const acts: TableProps.ColumnDefinition<Item> = {
    id: "acts",
    header: limits.actions,
    minWidth: 90,
    cell: (item) =>
      mine(item) && (
        <SpaceBetween direction="horizontal" size="xxs">
          <Button variant="icon" iconName="edit" ariaLabel={limits.editOf(nameOf(item))} onClick={() => setEditing(item)} />
          <Button variant="icon" iconName="remove" ariaLabel={limits.deleteOf(nameOf(item))} onClick={() => setLeaving(item)} />
        </SpaceBetween>
      ),
  };

  return (
    <SpaceBetween size="m">
      {failure && <Failed failure={failure} onAgain={again} />}
      <Table<Item>
        items={answer ?? []}
        trackBy={keyOf}
        columnDefinitions={[...columns, acts]}
        loading={loading && !answer}
        loadingText={shared.loading}
        variant="container"
        wrapLines
        enableKeyboardNavigation
        ariaLabels={{
          tableLabel: texts.title,
          activateEditLabel: ({ header }, item) => limits.column(String(header), nameOf(item)),
          cancelEditLabel: () => limits.cancel,
          submitEditLabel: () => limits.save,
        }}
        {...(onCell && {
          submitEdit: async (item: Item, column: TableProps.ColumnDefinition<Item>, typed: unknown) => {
            await onCell(item, column.id ?? "", String(typed ?? ""));
            again();
          },
        })}
        header={
          <Header
            variant="h2"
            description={texts.text}
            counter={answer ? `(${answer.length})` : ""}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel={limits.refresh} onClick={again} />
                <ApiCall calls={calls} />
                {create("primary")}
              </SpaceBetween>
            }
          >
            {texts.title}
          </Header>
        }
        empty={
          <Empty title={texts.empty} text={texts.emptyText}>
            {create("normal")}
          </Empty>
        }
      />
      {editing &&
        form(
          editing === "new" ? null : editing,
          () => {
            setEditing(null);
            again();
          },
          () => setEditing(null),
        )}
      {leaving && (
        <Dialog
          title={texts.remove(nameOf(leaving))}
          action={limits.delete}
          calls={[deletes(leaving)]}
          onClose={() => setLeaving(null)}
          onAction={async () => {
            await onDelete(leaving);
            setLeaving(null);
            again();
          }}
        >
          {texts.removeText}
        </Dialog>
      )}
    </SpaceBetween>
  );
}
