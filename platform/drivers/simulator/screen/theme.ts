/** The look of the box's user interface: one place for colours, type and the safe area. */
export const theme = {
  /** Distance from the picture's edge that every television shows. */
  safe: { x: 64, y: 44 },
  family: 'STB Inter',
  radius: 22,
  colours: {
    black: '#000000',
    night: '#0b0e14',
    panel: '#11151e',
    edge: '#2c3444',
    track: '#343d4f',
    text: '#f6f4ef',
    soft: '#b9c0cc',
    faint: '#808999',
    accent: '#ffb454',
    ink: '#1c1303',
    alert: '#ff6f61',
  },
  panelAlpha: 0.95,
  /** Text sizes in pixels at 1280×720. */
  size: { hint: 20, body: 28, name: 34, title: 44, number: 64, hero: 84 },
} as const;

export type Weight = 400 | 600 | 700 | 800;

/** A CSS font of the theme's family. */
export function font(size: number, weight: Weight = 400, italic = false): string {
  return `${italic ? 'italic ' : ''}${weight} ${size}px "${theme.family}"`;
}
