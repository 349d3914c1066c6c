/** What was used in a time, by one dimension: sums, a chart over time, and the table of both. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Link from "@cloudscape-design/components/link";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useCallback } from "react";
import { useCall } from "../../../api/polling";
import { follow, href } from "../../../app/address";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { type Asked, DIMENSIONS, MEASURES } from "../asked/asked";
import { Time } from "../asked/Time";
import { Export } from "./Export";
import { Figures } from "./Figures";
import { Filters } from "../asked/Filters";
import { Groups } from "./Groups";
import { useLabels } from "../asked/labels";
import { type Names, useNames } from "../../../parts/names";
import { OverTime } from "./OverTime";
import { askReport, type Report, reportCalls } from "./report";
import { dimensionName, useUsageTexts } from "../texts";
import { useAsked } from "../asked/useAsked";

export default function ReportView() {
  const texts = useUsageTexts();
  const { api } = useSession();
  const [asked, change] = useAsked();
  const names = useNames();
  const labels = useLabels();
  const { answer, failure, loading, again } = useCall(useCallback((signal: AbortSignal) => askReport(api, asked, signal), [api, asked]));
  const dimensions = [...new Set([...DIMENSIONS, ...labels, asked.by])];
  return (
    <SpaceBetween size="l">
      <div className="asking">
        <Time span={asked.span} />
        <FormField label={texts.by}>
          <Select
            selectedOption={{ value: asked.by, label: dimensionName(texts, asked.by) }}
            options={dimensions.map((value) => ({ value, label: dimensionName(texts, value) }))}
            onChange={({ detail }) => change({ by: detail.selectedOption.value ?? null })}
            expandToViewport
          />
        </FormField>
        <div className="asking-acts">
          <Button iconName="refresh" ariaLabel={texts.refresh} loading={loading} onClick={again} />
          <Export asked={asked} />
          <ApiCall calls={reportCalls(asked)} />
        </div>
      </div>
      <Filters asked={asked} names={names} more={labels} />
      {failure && <Failed failure={failure} onAgain={again} />}
      {answer ? (
        <Shown report={answer} names={names} change={change} />
      ) : (
        loading && <Spinner size="large" />
      )}
    </SpaceBetween>
  );
}

interface Told {
  report: Report;
  names: Names;
  change: (changes: Record<string, string | string[] | null>) => void;
}

function Shown({ report, names, change }: Told) {
  const texts = useUsageTexts();
  const { asked, totals } = report;
  if (totals.length === 0) return <Nothing asked={asked} onClear={() => change(Object.fromEntries(Object.keys(asked.filters).map((name) => [name, null])))} />;
  const free = totals.every(({ cost }) => Number(cost) === 0);
  return (
    <SpaceBetween size="l">
      <Figures totals={totals} />
      {free && (
        <Alert type="info">
          {texts.free}{" "}
          <Link href={href("/usage/prices")} onFollow={follow}>
            {texts.setPrices}
          </Link>
        </Alert>
      )}
      <OverTime report={report} names={names} onMeasure={(measure) => change({ measure })} measures={[...MEASURES]} />
      {report.cut && <Alert type="info">{texts.cut}</Alert>}
      <Groups report={report} names={names} onNarrow={(value) => change({ [asked.by]: [value] })} />
    </SpaceBetween>
  );
}

function Nothing({ asked, onClear }: { asked: Asked; onClear: () => void }) {
  const texts = useUsageTexts();
  return (
    <Empty title={texts.empty} text={texts.emptyText}>
      {Object.keys(asked.filters).length > 0 ? (
        <Button onClick={onClear}>{texts.clear}</Button>
      ) : (
        <Button href={href("/playground")} onFollow={follow}>
          {texts.play}
        </Button>
      )}
    </Empty>
  );
}
