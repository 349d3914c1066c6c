/** Whom a role trusts: as a form has it, and as the document that says so. Knows no API. */

export interface Trust {
  /** Whoever of the role's own account is allowed to. */
  account: boolean;
  /** ARNs of users and roles, and accounts, one a line. */
  names: string;
  /** What a caller must bring along; nothing where that is not asked for. */
  externalId: string;
  /** Whether a session may be given tags. */
  tagging: boolean;
}

export const OWN_ACCOUNT: Trust = { account: true, names: "", externalId: "", tagging: true };

const ASSUME = "sts:AssumeRole";
const TAG = "sts:TagSession";
const NAME = /^(\d{12}|arn:[a-z-]+:iam::\d{12}:(root|(user|role)\/[^*?\s]+)|arn:[a-z-]+:sts::\d{12}:assumed-role\/[^*?\s/]+\/[^*?\s/]+)$/;
const EXTERNAL = /^[\w+=,.@:/-]{2,1224}$/;

export type Mistake = "nobody" | "name" | "externalId";

export function mistakesIn({ account, names, externalId }: Trust): Mistake[] {
  const named = namesIn(names);
  return [
    ...(!account && named.length === 0 ? ["nobody" as const] : []),
    ...(named.every((name) => NAME.test(name)) ? [] : ["name" as const]),
    ...(externalId.trim() && !EXTERNAL.test(externalId.trim()) ? ["externalId" as const] : []),
  ];
}

/** `owner` is the role's account. */
export function documentOf({ account, names, externalId, tagging }: Trust, owner: string): string {
  const principals = [...(account ? [rootOf(owner)] : []), ...namesIn(names)];
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: principals.length === 1 ? principals[0] : principals },
        Action: tagging ? [ASSUME, TAG] : ASSUME,
        ...(externalId.trim() && { Condition: { StringEquals: { "sts:ExternalId": externalId.trim() } } }),
      },
    ],
  });
}

/** None where a document says more than the form can. */
export function trustIn(document: string, owner: string): Trust | null {
  const statement = onlyStatement(document);
  if (!statement) return null;
  const { Effect, Principal, Action, Condition, ...others } = statement;
  const { AWS, ...services } = isObject(Principal) ? Principal : { AWS: undefined };
  const [names, actions] = [listOf(AWS), listOf(Action)];
  const externalId = externalIdIn(Condition);
  const known = Effect === "Allow" && Object.keys(others).length + Object.keys(services).length === 0 && externalId !== null;
  if (!known || !names || !actions?.includes(ASSUME) || !actions.every((action) => action === ASSUME || action === TAG)) return null;
  const isOwn = (name: string) => name === owner || name === rootOf(owner);
  const named = names.filter((name) => !isOwn(name));
  if (!named.every((name) => NAME.test(name))) return null;
  return { account: names.some(isOwn), names: named.join("\n"), externalId, tagging: actions.includes(TAG) };
}

export function namesIn(names: string): string[] {
  return names.split(/\s+/).filter(Boolean);
}

function rootOf(account: string): string {
  return `arn:aws:iam::${account}:root`;
}

function onlyStatement(document: string): Record<string, unknown> | null {
  try {
    const { Version, Statement, ...others } = JSON.parse(document) as Record<string, unknown>;
    const statements = Array.isArray(Statement) ? (Statement as unknown[]) : [Statement];
    const [statement] = statements;
    return (Version === undefined || Version === "2012-10-17") && Object.keys(others).length === 0 && statements.length === 1 && isObject(statement) ? statement : null;
  } catch {
    return null;
  }
}

/** Empty where there is no condition; none where it is another. */
function externalIdIn(condition: unknown): string | null {
  if (condition === undefined) return "";
  if (!isObject(condition) || Object.keys(condition).join() !== "StringEquals") return null;
  const equals = condition["StringEquals"];
  if (!isObject(equals) || Object.keys(equals).join() !== "sts:ExternalId") return null;
  const wanted = equals["sts:ExternalId"];
  return typeof wanted === "string" ? wanted : null;
}

function listOf(value: unknown): string[] | null {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.every((each) => typeof each === "string") ? all : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
