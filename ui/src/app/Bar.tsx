/** The bar at the top: the product, language, appearance, and who is signed in. */

import type { TopNavigationProps } from "@cloudscape-design/components/top-navigation";
import TopNavigation from "@cloudscape-design/components/top-navigation";
import { type Language, LANGUAGES, useTexts } from "../texts/texts";
import { follow, href } from "./address";
import { APPEARANCES, type Appearance, usePreferences } from "./preferences";
import type { Session } from "./session";

export const BAR = "bar";

export function Bar({ session }: { session: (Session & { signOut: () => void }) | null }) {
  const texts = useTexts();
  const { language, appearance, setLanguage, setAppearance } = usePreferences();
  const chosen = (id: string, now: string) => ({ itemType: "checkbox" as const, id, checked: id === now });
  const utilities: TopNavigationProps.Utility[] = [
    {
      type: "menu-dropdown",
      iconName: "globe",
      text: LANGUAGES[language],
      ariaLabel: `${texts.language}: ${LANGUAGES[language]}`,
      items: Object.entries(LANGUAGES).map(([id, text]) => ({ ...chosen(id, language), text, lang: id })),
      onItemClick: ({ detail }) => setLanguage(detail.id as Language),
    },
    {
      type: "menu-dropdown",
      iconName: "light-dark",
      ariaLabel: texts.mode.name,
      title: texts.mode.name,
      items: APPEARANCES.map((id) => ({ ...chosen(id, appearance), text: texts.mode[id] })),
      onItemClick: ({ detail }) => setAppearance(detail.id as Appearance),
    },
  ];
  if (session) {
    const { caller, api, signOut } = session;
    utilities.push({
      type: "menu-dropdown",
      iconName: "user-profile",
      text: nameOf(caller.arn),
      ariaLabel: `${texts.user.name}: ${nameOf(caller.arn)}`,
      description: `${texts.user.account(caller.account)} · ${api.region}`,
      items: [{ id: "signOut", text: texts.user.signOut, iconName: "sign-out" }],
      onItemClick: signOut,
    });
  }
  return (
    <header id={BAR}>
      <a className="skip" href="#content" onClick={skip}>
        {texts.skip}
      </a>
      <TopNavigation
        identity={{
          href: href("/"),
          title: texts.product,
          logo: { src: "/console/craton.svg", alt: "" },
          onFollow: (event) => follow({ preventDefault: () => event.preventDefault(), detail: { href: href("/") } }),
        }}
        utilities={utilities}
      />
    </header>
  );
}

/** Without touching what stands behind the # of the address. */
function skip(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

/** arn:aws:iam::123456789012:user/ada is called user/ada. */
export function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

