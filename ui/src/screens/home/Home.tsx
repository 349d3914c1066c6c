/** The first screen: where the server is, whether a call has arrived, what answers, and a program to begin with. */

import SpaceBetween from "@cloudscape-design/components/space-between";
import { answersWithText } from "../../api/models";
import { Page } from "../../app/Page";
import { useTexts } from "../../texts/texts";
import { useCatalogue } from "../models/parts/useCatalogue";
import "./home.css";
import { Installed } from "./Installed";
import { Light } from "./Light";
import { Programs } from "./Programs";
import { Server } from "./Server";
import { useHomeTexts } from "./texts";

export function Home() {
  const { screens } = useTexts();
  const { text } = useHomeTexts();
  const catalogue = useCatalogue();
  return (
    <Page title={screens.home} description={text}>
      <SpaceBetween size="l">
        <Server server={catalogue.server} />
        <div className="pair">
          <Light />
          <Installed catalogue={catalogue} />
        </div>
        <Programs models={(catalogue.answer ?? []).filter(answersWithText)} first={catalogue.server.answer?.defaultModelId} />
      </SpaceBetween>
    </Page>
  );
}
