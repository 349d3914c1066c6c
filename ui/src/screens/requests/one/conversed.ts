/** A logged body as a request of Converse, for the playground: those of other APIs as far as they say the same. */

type Json = Record<string, unknown>;

const CONVERSE = new Set(["Converse", "ConverseStream"]);

/** Null where the body is no conversation. `operation` is `<service>.<Operation>`. */
export function converseOf(operation: string, modelId: string, text: string): object | null {
  const body = read(text);
  if (body === null || !Array.isArray(body["messages"])) return null;
  const name = operation.slice(operation.lastIndexOf(".") + 1);
  if (CONVERSE.has(name)) return { ...body, modelId };
  const messages = (body["messages"] as Json[]).map(({ role, content }) => ({ role: String(role), content: blocks(content) }));
  if (messages.some(({ content }) => content.length === 0)) return null;
  const system = [...blocks(body["system"]), ...messages.filter(({ role }) => INSTRUCTS.has(role)).flatMap(({ content }) => content)];
  const said = messages.filter(({ role }) => !INSTRUCTS.has(role));
  if (said.length === 0 || said.some(({ role }) => role !== "user" && role !== "assistant")) return null;
  const stop = body["stop_sequences"] ?? body["stop"];
  const inference = {
    maxTokens: body["max_completion_tokens"] ?? body["max_tokens"],
    temperature: body["temperature"],
    topP: body["top_p"],
    stopSequences: typeof stop === "string" ? [stop] : stop,
  };
  const given = Object.fromEntries(Object.entries(inference).filter(([, value]) => value !== undefined && value !== null));
  return {
    modelId,
    messages: said,
    ...(system.length > 0 && { system }),
    ...(Object.keys(given).length > 0 && { inferenceConfig: given }),
  };
}

const INSTRUCTS = new Set(["system", "developer"]);

/** The texts of a message of the OpenAI or Anthropic API. */
function blocks(content: unknown): { text: string }[] {
  if (typeof content === "string") return content ? [{ text: content }] : [];
  if (!Array.isArray(content)) return [];
  return (content as Json[]).flatMap((part) => (typeof part["text"] === "string" ? [{ text: part["text"] }] : []));
}

function read(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Json) : null;
  } catch {
    return null;
  }
}

/** The body as people read it: indented, and of what is no text only the beginning. */
export function readable(text: string): string {
  const value = read(text);
  if (value === null) return text;
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "string" ? shortened(each) : each), 2);
}

/** Bytes in base64 have no spaces. */
function shortened(text: string): string {
  return text.length > 400 && !/\s/.test(text.slice(0, 400)) ? `${text.slice(0, 40)}… (${text.length})` : text;
}
