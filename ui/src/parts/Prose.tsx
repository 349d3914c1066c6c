/** What a model wrote, as text: nothing of it becomes markup of this page. */

import { memo, useMemo } from "react";
import { useTexts } from "../texts/texts";
import { Code } from "./Code";
import { parts, type Span, spans } from "./prose-parts";

/** Drawn anew only where its text is another: in a long conversation many stand above the one that grows. */
export const Prose = memo(function Prose({ text }: { text: string }) {
  const { code } = useTexts();
  const all = useMemo(() => parts(text), [text]);
  return (
    <div className="prose">
      {all.map((part, place) =>
        part.kind === "code" ? <Code key={place} code={part.text} language={part.language} label={code} /> : <Told key={place} text={part.text} />,
      )}
    </div>
  );
});

const Told = memo(function Told({ text }: { text: string }) {
  return (
    <div className="told">
      {spans(text).map((span, at) => (
        <Spanned key={at} span={span} />
      ))}
    </div>
  );
});

function Spanned({ span: { kind, text } }: { span: Span }) {
  if (kind === "strong") return <strong>{text}</strong>;
  if (kind === "code") return <code className="inline-code">{text}</code>;
  return text;
}
