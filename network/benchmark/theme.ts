/** Colours of the design's tokens (`app/globals.css`) as sRGB, since an SVG is also shown by what knows no OKLCH. */
export interface Theme {
  surface: string;
  ink: string;
  ink2: string;
  line: string;
  /** `--color-thread-1` to `-5`: one hue for each series, always with a label. */
  threads: readonly [string, string, string, string, string];
}

export const themes: Record<'light' | 'dark', Theme> = {
  light: {
    ...{ surface: '#ffffff', ink: '#10252c', ink2: '#41535a', line: '#dedcd5' },
    threads: ['#008387', '#4662b9', '#c0851f', '#b24981', '#558a49'],
  },
  dark: {
    ...{ surface: '#131f24', ink: '#f3f2ec', ink2: '#b5c0c1', line: '#28353b' },
    threads: ['#53c1c5', '#8f9eef', '#edbb64', '#e887b6', '#91c985'],
  },
};

const font = "'Atkinson Hyperlegible Next', system-ui, sans-serif";

/** Vega-Lite's configuration for a theme. */
export function configOf(theme: Theme): object {
  const text = { font, fontSize: 12, color: theme.ink2 };
  return {
    background: theme.surface,
    padding: 14,
    view: { stroke: null },
    font,
    axis: {
      ...{
        labelColor: theme.ink2,
        titleColor: theme.ink2,
        labelFontSize: 12,
        titleFontSize: 12,
        titleFontWeight: 'normal',
      },
      ...{ gridColor: theme.line, domainColor: theme.line, tickColor: theme.line, labelAngle: 0, titlePadding: 8 },
    },
    legend: {
      labelColor: theme.ink,
      titleColor: theme.ink2,
      labelFontSize: 12,
      labelLimit: 0,
      titleFontSize: 12,
      titleFontWeight: 'normal',
    },
    header: { labelColor: theme.ink, titleColor: theme.ink2, labelFontSize: 13, titleFontSize: 12 },
    title: {
      color: theme.ink,
      fontSize: 15,
      anchor: 'start',
      subtitleColor: theme.ink2,
      subtitleFontSize: 12,
      offset: 12,
    },
    text,
    line: { strokeWidth: 2.5 },
    point: { size: 60, filled: true },
  };
}
