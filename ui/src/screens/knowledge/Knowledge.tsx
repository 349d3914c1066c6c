/** Knowledge bases: which of their screens is shown at which address. */

import "./knowledge.css";
import { decoded } from "../../app/address";
import { Missing } from "../../app/Missing";
import { Base } from "./bases/Base";
import { Bases } from "./bases/Bases";
import { NewBase } from "./making/NewBase";
import { Document } from "./documents/Document";
import { NewSource } from "./sources/NewSource";
import { SourceView } from "./sources/SourceView";
import { isTab } from "./tabs";

/** `path` is the address below /knowledge: "", "/new", "/ID" and what is below it. */
export default function Knowledge({ path }: { path: string }) {
  const [id, part, ...rest] = path.slice(1).split("/").map(decoded);
  if (!id) return <Bases />;
  if (id === "new" && !part) return <NewBase />;
  const [source, document] = rest;
  if (part === "documents" && source && document) return <Document key={path} baseId={id} sourceId={source} id={document} />;
  if (part === "sources" && source === "new") return <NewSource key={id} baseId={id} />;
  if (part === "sources" && source) return <SourceView key={path} baseId={id} id={source} />;
  if (!source && (part === undefined || isTab(part))) return <Base key={id} id={id} tab={part ?? "documents"} />;
  return <Missing path={`/knowledge${path}`} />;
}
