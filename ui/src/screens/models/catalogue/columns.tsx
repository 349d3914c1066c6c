/** What is shown of each model: as columns of a table, or as lines of a card. */

import Box from "@cloudscape-design/components/box";
import Link from "@cloudscape-design/components/link";
import { type Model, STATES } from "../../../api/models";
import type { ModelPull } from "../../../api/shapes";
import { follow, href } from "../../../app/address";
import { byName } from "../../../parts/order";
import type { Formats } from "../../../texts/texts";
import { NextStep } from "../parts/Buttons";
import { Fit } from "../parts/Fit";
import type { Column } from "../parts/Listing";
import type { Names } from "../parts/names";
import { State } from "../parts/State";
import type { Acting } from "../parts/useActing";
import type { ModelsTexts } from "../texts";

interface Known {
  texts: ModelsTexts;
  formats: Formats;
  names: Names;
  pulls: Map<string, ModelPull>;
  acting: Acting;
  operator: boolean;
}

export function columnsIn({ texts, formats, names, pulls, acting, operator }: Known): Column<Model>[] {
  return [
    { id: "name", header: texts.name, sortingComparator: byName(({ name }) => name), isRowHeader: true, minWidth: 170, cell: (model) => <Named model={model} /> },
    {
      id: "state",
      header: texts.state,
      minWidth: 165,
      wide: true,
      sortingComparator: by(({ state }) => STATES.indexOf(state)),
      cell: (model) => (
        <div className="stating">
          <State model={model} pull={pulls.get(model.id)} />
          {operator && (
            <div>
              <NextStep model={model} pull={pulls.get(model.id)} acting={acting} variant="inline-link" />
            </div>
          )}
        </div>
      ),
    },
    { id: "task", header: texts.task, minWidth: 120, sortingField: "task", cell: ({ task }) => texts.tasks[task] },
    {
      id: "size",
      header: texts.size,
      minWidth: 125,
      sortingComparator: by(({ local }) => local?.sizeBytes),
      cell: (model) => <Size model={model} formats={formats} />,
    },
    {
      id: "speed",
      header: texts.speed,
      minWidth: 105,
      sortingComparator: by(({ local }) => local?.speed?.tokensPerSecond),
      cell: ({ local }) => (local?.speed ? formats.number(local.speed.tokensPerSecond, local.speed.tokensPerSecond < 10 ? 1 : 0) : "–"),
    },
    {
      id: "score",
      header: texts.toolScore,
      minWidth: 110,
      sortingComparator: by(({ local }) => local?.scores?.functionCalling),
      cell: ({ local }) => (local?.scores ? names.share(local.scores.functionCalling) : "–"),
    },
    {
      id: "licence",
      header: texts.licence,
      minWidth: 115,
      sortingComparator: byText(({ local }) => local?.licence),
      cell: ({ local }) => local?.licence ?? "–",
    },
  ];
}

export function Named({ model }: { model: Model }) {
  return (
    <>
      <Link href={href(`/models/${encodeURIComponent(model.id)}`)} onFollow={follow}>
        {model.name}
      </Link>
      <Box variant="small" color="text-body-secondary" display="block">
        {model.provider ?? model.id}
      </Box>
    </>
  );
}

function Size({ model, formats }: { model: Model; formats: Formats }) {
  if (!model.local) return "–";
  return (
    <>
      <span className="whole">{formats.bytes(model.local.sizeBytes ?? 0)}</span>
      <div>
        <Fit model={model} />
      </div>
    </>
  );
}

/** Those without one come first. */
function by(value: (model: Model) => number | undefined) {
  return (one: Model, other: Model) => (value(one) ?? -1) - (value(other) ?? -1);
}

function byText(value: (model: Model) => string | undefined) {
  return (one: Model, other: Model) => (value(one) ?? "").localeCompare(value(other) ?? "");
}
