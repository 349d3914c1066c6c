/** What a model wrote, as text: nothing of it becomes markup of this page. */

import { useMemo } from "react";
import { useTexts } from "../texts/texts";
import { Code } from "./Code";
import { parts, type Span, spans } from "./prose-parts";

export function Prose({ text }: { text: string }) {
  const { code } = useTexts();
  const all = useMemo(() => parts(text), [text]);
  return (
    <div className="prose">
      {all.map((part, place) =>
        part.kind === "code" ? (
          <Code key={place} code={part.text} language={part.language} label={code} />
        ) : (
          <div key={place} className="told">
            {spans(part.text).map((span, at) => (
              <Spanned key={at} span={span} />
            ))}
          </div>
        ),
      )}
    </div>
  );
}

function Spanned({ span: { kind, text } }: { span: Span }) {
  if (kind === "strong") return <strong>{text}</strong>;
  if (kind === "code") return <code className="inline-code">{text}</code>;
  return text;
}
