/** Whom a budget or a quota is about, in words. */

import type { LimitSubject } from "../../../../api/shapes";
import type { Names } from "../../../../parts/names";
import { type LimitTexts, useLimitTexts } from "../texts";

type Part = keyof LimitTexts["parts"];

interface Shown {
  appliesTo: LimitSubject;
  countedPer: Part[] | undefined;
  /** The keys that the named one has replaced: they are counted with it. */
  replaced: string[];
  names: Names;
  /** Which account is not worth a word. */
  own: string;
}

export function Subject({ appliesTo, countedPer, replaced, names, own }: Shown) {
  const texts = useLimitTexts();
  const said = wordsOf(appliesTo, names, own, texts);
  return (
    <>
      {said.length === 0 ? texts.everything : said.map((word) => <div key={word} className="told">{word}</div>)}
      {replaced.length > 0 && <div className="under told">{texts.replaced(replaced.join(", "))}</div>}
      {countedPer && <div className="under">{texts.each(countedPer.map((part) => texts.parts[part]).join(", "))}</div>}
    </>
  );
}

function wordsOf({ account, keyId, principal, modelId, inferenceProfileArn, tags }: LimitSubject, names: Names, own: string, texts: LimitTexts): string[] {
  return [
    ...(account && account !== own ? [account === "*" ? texts.everyAccount : texts.subject.account(names.of("account", account))] : []),
    ...(keyId ? [texts.subject.key(names.full("key", keyId))] : []),
    ...(principal ? [names.of("principal", principal)] : []),
    ...(modelId ? [texts.subject.model(names.of("model", modelId))] : []),
    ...(inferenceProfileArn ? [names.of("profile", inferenceProfileArn)] : []),
    ...(tags ?? []).map(({ key, value }) => texts.subject.tag(key, value)),
  ];
}

/** For whom something is counted, where it is counted apart. */
export function countedFor(values: Record<string, string>, names: Names): string {
  const kinds: Record<string, string> = { KEY: "key", MODEL: "model", ACCOUNT: "account", PRINCIPAL: "principal", PROFILE: "profile" };
  return Object.entries(values)
    .map(([part, value]) => names.full(kinds[part] ?? part, value))
    .join(", ");
}
