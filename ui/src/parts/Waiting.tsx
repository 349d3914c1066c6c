/** What is waited for; and where that takes longer, for how long already, and why that may be. */

import Box from "@cloudscape-design/components/box";
import { useEffect, useState } from "react";
import { useFormats } from "../texts/texts";

/** Sooner nobody wonders, in seconds. */
const LONG = 3;

export function Waiting({ text, why }: { text: string; why?: string }) {
  const formats = useFormats();
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const begun = performance.now();
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - begun) / 1000)), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Box color="text-body-secondary">
      {text}
      {seconds >= LONG && ` · ${formats.duration(seconds * 1000)}`}
      {seconds >= LONG && why && <div className="under">{why}</div>}
    </Box>
  );
}
