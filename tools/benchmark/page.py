# SPDX-License-Identifier: MIT
"""The page of a record: its answers, its plots, what it was measured on."""
import html
import os

from benchmark import findings

STYLE = """\
body { font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222; }
h1 { font-size: 1.5em; } h2 { font-size: 1.1em; margin-top: 2em; }
dt { font-weight: bold; margin-top: .7em; } dd { margin-left: 0; }
img { max-width: 100%; border: 1px solid #ddd; } table { border-collapse: collapse; font-size: 14px; }
td { padding: .1em 1em .1em 0; vertical-align: top; } p.note { background: #fff6d9; padding: .6em 1em; }
"""
EMULATED = ("Measured on an emulator: instructions, lines, and bytes on the bus are its real numbers; no cycle of it is one of silicon, and "
            "nothing here says how long anything takes there.")


def write(record, plots, path, csv, directory):
    title = f"Cache maintenance on {record.comment('board')}, {record.comment('cpu').split(',')[0]}"
    parts = ["<!doctype html>", '<html lang="en"><head><meta charset="utf-8">', f"<title>{html.escape(title)}</title>",
             f"<style>{STYLE}</style></head><body>", f"<h1>{html.escape(title)}</h1>"]
    if record.unit() == "instructions":
        parts.append(f'<p class="note">{EMULATED}</p>')
    parts.append("<dl>")
    for question, answer in findings.answers(record):
        parts.append(f"<dt>{html.escape(question)}</dt><dd>{html.escape(answer)}</dd>")
    parts.append("</dl>")
    for name, text in plots:
        picture = os.path.relpath(os.path.join(directory, name), os.path.dirname(path) or ".")
        parts.append(f'<h2>{html.escape(text)}</h2><a href="{picture}.png"><img src="{picture}.svg" alt="{html.escape(text)}"></a>')
    parts.append("<h2>Measured on</h2><table>")
    parts += [f"<tr><td>{html.escape(name)}</td><td>{html.escape(text)}</td></tr>" for name, text in record.comments]
    name = os.path.relpath(csv, os.path.dirname(path) or ".")
    parts.append(f'</table><p>All of it: <a href="{html.escape(name)}">{html.escape(name)}</a></p></body></html>')
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(parts) + "\n")
