/** Where a list has nothing: why, and what to do. */

import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";

export function Empty({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <Box textAlign="center" color="inherit" padding={{ vertical: "l" }}>
      <SpaceBetween size="s">
        <Box variant="h3">{title}</Box>
        <Box color="text-body-secondary">{text}</Box>
        {children}
      </SpaceBetween>
    </Box>
  );
}
