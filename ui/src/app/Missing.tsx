/** What is shown at an address where nothing is. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useTexts } from "../texts/texts";
import { follow, href } from "./address";
import { Page } from "./Page";

export function Missing({ path }: { path: string }) {
  const { missing } = useTexts();
  return (
    <Page title={missing.title}>
      <SpaceBetween size="m">
        <Box>{missing.text(href(path))}</Box>
        <Button href={href("/")} onFollow={follow}>
          {missing.home}
        </Button>
      </SpaceBetween>
    </Page>
  );
}
