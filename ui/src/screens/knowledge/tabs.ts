/** The parts of a knowledge base's page, and their addresses. */

export const TABS = ["documents", "sources", "test", "chat", "settings"] as const;
export type Tab = (typeof TABS)[number];

export function isTab(name: string): name is Tab {
  return (TABS as readonly string[]).includes(name);
}

export function baseAt(id: string, tab: Tab = "documents"): string {
  return tab === "documents" ? `/knowledge/${id}` : `/knowledge/${id}/${tab}`;
}

export function sourceAt(baseId: string, id: string): string {
  return `/knowledge/${baseId}/sources/${id}`;
}

/** `chunkId` is that of a chunk to be shown. */
export function documentAt(baseId: string, sourceId: string, id: string, chunkId?: string): string {
  const at = `/knowledge/${baseId}/documents/${sourceId}/${encodeURIComponent(id)}`;
  return chunkId ? `${at}#chunk=${encodeURIComponent(chunkId)}` : at;
}
