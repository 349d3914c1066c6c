/** What the holder of a key may, in plain words, and the policies that say so. */

/** Those that have a policy of every account. */
export const MANAGED = {
  bedrock: "arn:aws:iam::aws:policy/AmazonBedrockFullAccess",
  look: "arn:aws:iam::aws:policy/AmazonBedrockReadOnly",
  administer: "arn:aws:iam::aws:policy/CratonAdministratorAccess",
} as const;
/** Those that are written into the user. */
export const WRITTEN = { ask: "only-ask-models", models: "only-these-models" } as const;

export const SCOPES = ["ask", "models", "bedrock", "look", "administer"] as const;
export type Scope = (typeof SCOPES)[number];

const INVOKE = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream", "bedrock:CountTokens"];
/** Of what was asked in the background. */
const KEPT = ["bedrock:GetInvoke", "bedrock:CancelInvoke", "bedrock:DeleteInvoke"];
/** What every client needs besides: to see the models, to rerank, and to come with an API key. */
const BESIDES = ["bedrock:CallWithBearerToken", "bedrock:GetFoundationModel", "bedrock:ListFoundationModels", "bedrock:Rerank"];
const MODEL = "arn:aws:bedrock:*::foundation-model/";
const PROJECT = "arn:aws:bedrock:*:*:project/default";

/** The document of an inline policy; `models` are their ids. */
export function documentOf(scope: keyof typeof WRITTEN, models: string[] = []): string {
  const asked = scope === "ask" ? "*" : [...models.map((id) => MODEL + id), PROJECT];
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: [...INVOKE, ...KEPT], Resource: asked },
      { Effect: "Allow", Action: BESIDES, Resource: "*" },
    ],
  });
}

/** What somebody may, as it can be told: in one of our words, or by the name of a policy. */
export type Reach = { scope: Scope; models?: string[] } | { policy: string };

export interface Policies {
  attached: string[];
  /** With the document, where it may be one of ours. */
  inline: { name: string; document?: string }[];
}

export function reachOf({ attached, inline }: Policies): Reach[] {
  return [...attached.map(managed), ...inline.map(written)];
}

function managed(arn: string): Reach {
  const found = Object.entries(MANAGED).find(([, its]) => its === arn);
  return found ? { scope: found[0] as Scope } : { policy: arn.slice(arn.lastIndexOf("/") + 1) };
}

/** Only a document that says just what ours would is told in our words. */
function written({ name, document }: { name: string; document?: string }): Reach {
  if (document === undefined) return { policy: name };
  if (name === WRITTEN.ask && same(document, documentOf("ask"))) return { scope: "ask" };
  const models = modelsIn(document);
  return name === WRITTEN.models && same(document, documentOf("models", models)) ? { scope: "models", models } : { policy: name };
}

function modelsIn(document: string): string[] {
  const quoted = document.match(/"arn:aws:bedrock:\*::foundation-model\/[^"]+"/g) ?? [];
  return quoted.map((text) => text.slice(MODEL.length + 1, -1));
}

/** Kept documents may be spaced otherwise. */
function same(one: string, other: string): boolean {
  try {
    return JSON.stringify(JSON.parse(one)) === other;
  } catch {
    return false;
  }
}
