/** The guardrails: all of them, one, or a new one; and the automated reasoning policies that they name. */

import "./guardrails.css";
import { decoded } from "../../app/address";
import { NEW } from "./editing/useEditing";
import { Guardrail } from "./Guardrail";
import { List } from "./List";
import { Policies } from "./reasoning/Policies";
import { PolicyPage } from "./reasoning/PolicyPage";

const REASONING = "reasoning"; // ids of guardrails have twelve characters

/** `path` is the address below /guardrails. */
export default function Guardrails({ path }: { path: string }) {
  const [, first = "", second = ""] = path.split("/").map(decoded);
  if (first === "") return <List />;
  if (first === REASONING) return second ? <PolicyPage key={second} id={second} /> : <Policies />;
  return <Guardrail key={first} id={first === NEW ? null : first} />;
}
