/** The frame of a screen: the navigation beside it, its title, and a drawer if it has one. */

import AppLayout, { type AppLayoutToolbarProps } from "@cloudscape-design/components/app-layout-toolbar";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import SideNavigation from "@cloudscape-design/components/side-navigation";
import { type ReactNode, useEffect, useState } from "react";
import { useTexts } from "../texts/texts";
import { follow, href, usePath } from "./address";
import { BAR } from "./Bar";

/** The menu: the name of each screen, and its address. */
export const SCREENS = [
  ["home", "/"],
  ["playground", "/playground"],
  ["models", "/models"],
  ["knowledge", "/knowledge"],
  ["guardrails", "/guardrails"],
  ["requests", "/requests"],
  ["usage", "/usage"],
  ["keys", "/keys"],
  ["people", "/people"],
  ["coverage", "/coverage"],
] as const;
const NARROW = matchMedia("(max-width: 688px)");

interface Shown {
  title: string;
  /** Which part of it is shown, for the browser's tab and its history. */
  part?: string | undefined;
  description?: ReactNode;
  counter?: string;
  actions?: ReactNode;
  /** What is above this screen, from the top. */
  above?: { text: string; href: string }[];
  drawer?: { content: AppLayoutToolbarProps.Drawer; open: boolean; onChange: (open: boolean) => void };
  children: ReactNode;
}

/** The screen of the menu that a path belongs to; none where it belongs to none. */
export function screenOf(path: string): (typeof SCREENS)[number] | undefined {
  return SCREENS.findLast(([, at]) => path === at || path.startsWith(`${at}/`));
}

/** Kept from one screen to the next. */
let navigationWasOpen = !NARROW.matches;

export function Page({ title, part, description, counter, actions, above = [], drawer, children }: Shown) {
  const texts = useTexts();
  const [open, setOpen] = useState(navigationWasOpen);

  useEffect(() => {
    document.title = [part, title, texts.product].filter(Boolean).join(" · ");
  }, [title, part, texts]);

  function turn(now: boolean): void {
    navigationWasOpen = now && !NARROW.matches;
    setOpen(now);
  }

  return (
    <AppLayout
      headerSelector={`#${BAR}`}
      navigation={<Navigation onFollow={() => NARROW.matches && turn(false)} />}
      navigationOpen={open}
      onNavigationChange={({ detail }) => turn(detail.open)}
      navigationWidth={220}
      toolsHide={!drawer}
      breadcrumbs={
        <BreadcrumbGroup
          items={[{ text: texts.product, href: href("/") }, ...above, { text: title, href: "" }]}
          onFollow={follow}
        />
      }
      ariaLabels={{
        navigation: texts.navigation.name,
        navigationToggle: texts.navigation.open,
        navigationClose: texts.navigation.close,
      }}
      {...(drawer && {
        drawers: [drawer.content],
        activeDrawerId: drawer.open ? drawer.content.id : null,
        onDrawerChange: ({ detail }) => drawer.onChange(detail.activeDrawerId !== null),
      })}
      content={
        <div id="content" tabIndex={-1}>
          <ContentLayout
            defaultPadding={false}
            header={
              <Header variant="h1" description={description} actions={actions} {...(counter && { counter })}>
                {title}
              </Header>
            }
          >
            {children}
          </ContentLayout>
        </div>
      }
    />
  );
}

function Navigation({ onFollow }: { onFollow: () => void }) {
  const texts = useTexts();
  const path = usePath();
  const here = screenOf(path);
  return (
    <SideNavigation
      activeHref={here ? href(here[1]) : ""}
      items={SCREENS.map(([name, at]) => ({ type: "link", text: texts.screens[name], href: href(at) }))}
      onFollow={(event) => {
        follow(event);
        onFollow();
      }}
    />
  );
}
