/** The bar at the top: the product, language, appearance, and who is signed in. */

import type { TopNavigationProps } from "@cloudscape-design/components/top-navigation";
import TopNavigation from "@cloudscape-design/components/top-navigation";
import { Suspense, useEffect, useState } from "react";
import { type Language, LANGUAGES, useTexts } from "../texts/texts";
import { follow, href } from "./address";
import { Unbroken } from "./Broken";
import { later } from "./later";
import { APPEARANCES, type Appearance, usePreferences } from "./preferences";
import type { Session } from "./session";

export const BAR = "bar";

const Finder = later(() => import("../finder/Finder"));

export function Bar({ session }: { session: (Session & { signOut: () => void }) | null }) {
  const texts = useTexts();
  const { language, appearance, setLanguage, setAppearance } = usePreferences();
  const [finding, setFinding] = useFinding(session !== null);
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
    utilities.unshift({
      type: "button",
      iconName: "search",
      text: texts.find.name,
      title: texts.find.title,
      ariaLabel: texts.find.title,
      onClick: () => setFinding(true),
    });
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
      {finding && (
        <Unbroken at="finder" instead={<></>}>
          <Suspense>
            <Finder onClose={() => setFinding(false)} />
          </Suspense>
        </Unbroken>
      )}
    </header>
  );
}

/** Whether anything is being looked for: by its button, or with Ctrl and K. */
function useFinding(signedIn: boolean) {
  const [finding, setFinding] = useState(false);
  useEffect(() => {
    if (!signedIn) return;
    const open = (event: KeyboardEvent) => {
      // A dialog that is open keeps the keys.
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("[role=dialog]")) return;
      event.preventDefault();
      setFinding(true);
    };
    addEventListener("keydown", open);
    return () => removeEventListener("keydown", open);
  }, [signedIn]);
  return [signedIn && finding, setFinding] as const;
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

