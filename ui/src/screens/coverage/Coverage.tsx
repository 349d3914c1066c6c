/** Which operations are served, and how. */

import ColumnLayout from "@cloudscape-design/components/column-layout";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useCallback } from "react";
import type { Call } from "../../api/call";
import { useCall } from "../../api/polling";
import type { ServedOperation } from "../../api/shapes";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { Failed } from "../../parts/Failed";
import { useFormats, useTexts } from "../../texts/texts";
import { Grade, GRADES, served } from "./Grade";
import { Operations } from "./Operations";
import { Services } from "./Services";
import { useCoverageTexts } from "./texts";

const CALL: Call = { service: "craton", operation: "ListOperations", input: {} };

export default function Coverage() {
  const { screens } = useTexts();
  const texts = useCoverageTexts();
  const { api } = useSession();
  const { answer, failure, again } = useCall(useCallback((signal: AbortSignal) => api.craton("ListOperations", {}, signal), [api]));
  return (
    <Page title={screens.coverage} description={texts.text} actions={<ApiCall calls={[CALL]} />}>
      {failure && <Failed failure={failure} onAgain={again} />}
      {!failure && !answer && <Spinner size="large" />}
      {answer && (
        <SpaceBetween size="l">
          <Summary operations={answer.operations} />
          <Services operations={answer.operations} />
          <Operations operations={answer.operations} />
        </SpaceBetween>
      )}
    </Page>
  );
}

function Summary({ operations }: { operations: ServedOperation[] }) {
  const texts = useCoverageTexts();
  const formats = useFormats();
  return (
    <Container header={<Header variant="h2">{texts.summary(served(operations), operations.length)}</Header>}>
      <ColumnLayout columns={3} variant="text-grid" minColumnWidth={170}>
        {GRADES.map((grade) => (
          <SpaceBetween key={grade} size="xxs">
            <Grade grade={grade} />
            <Box variant="awsui-value-large">{formats.number(operations.filter((each) => each.grade === grade).length)}</Box>
            <Box variant="small" color="text-body-secondary">
              {texts.meaning[grade]}
            </Box>
          </SpaceBetween>
        ))}
      </ColumnLayout>
    </Container>
  );
}
