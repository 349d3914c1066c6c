/**
 * A conversation as a link: it stands behind the # of the address, which browsers send to no server.
 *
 * `/playground#play=DATA`, where DATA is the JSON of `Kept` (talk/kept.ts), deflated (raw), in base64url; or
 * `/playground#model=ID&guardrail=ID&version=NUMBER`, each of them optional: one that begins with this.
 */

import { base64, bytesIn } from "../../code/files";
import { FIRST_SETTINGS } from "./settings/settings";
import { type Conversation, EMPTY } from "./talk/conversation";
import { conversationOf } from "./talk/converse";
import { keptOf, opened } from "./talk/kept";

const NAME = "play";
/** No conversation is longer, in bytes: a short link may unfold to what no page can hold. */
const LONGEST = 8 << 20;

export async function linkTo(conversation: Conversation, address: string): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(keptOf(conversation, false)));
  const packed = base64(await through(bytes, new CompressionStream("deflate-raw")));
  const data = packed.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return `${address.split("#")[0]}#${NAME}=${data}`;
}

/**
 * Where the console shows a Converse or ConverseStream request, ready to be sent anew: a path for `go` and `href`.
 * `input` is plain JSON with `modelId`, as CloudWatch, S3 and Craton's own records have it. What has no place in the
 * playground, such as the bytes of files, is left out, and said there.
 */
export async function addressOf(input: object): Promise<string> {
  return linkTo(conversationOf(input), "/playground");
}

/** What the address holds: a conversation, or what one begins with; null where it holds neither, "unreadable" where it was cut or is no link of ours. */
export async function linked(hash: string): Promise<Conversation | "unreadable" | null> {
  const held = new URLSearchParams(hash.slice(1));
  const packed = held.get(NAME);
  if (!packed) return beginning(held);
  try {
    const bytes = bytesIn(packed.replaceAll("-", "+").replaceAll("_", "/"));
    const text = await through(bytes, new DecompressionStream("deflate-raw"), LONGEST);
    return opened(JSON.parse(new TextDecoder().decode(text)));
  } catch {
    return "unreadable";
  }
}

function beginning(held: URLSearchParams): Conversation | null {
  const [modelId, guardrail, guardrailVersion] = ["model", "guardrail", "version"].map((name) => held.get(name) ?? "") as [string, string, string];
  if (!modelId && !guardrail) return null;
  const guarded = guardrail ? { guarded: "on", guardrail, guardrailVersion } : {};
  return { ...EMPTY, slots: [{ id: 0, modelId }], settings: { ...FIRST_SETTINGS, ...guarded } };
}

/** Throws Error where more than `longest` bytes come out. */
async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream, longest = Infinity) {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    length += value.length;
    parts.push(value);
    if (length > longest) {
      await reader.cancel();
      throw new Error("too long");
    }
  }
}
