"""Words that often tell of health, origin or justice: what nobody is asked for, and what a situation does without.

A hint, never a verdict: « hôpital » may be where somebody works. Nothing is refused and nothing is written down about
it; whoever typed reads one sentence and decides. What was typed is read in French and in English.

Source: RGPD, articles 9 and 10.
"""

import re

STEMS = (
    # health
    r"handicap\w*",
    r"rqth",
    r"aah",
    r"malad(?:e|es|ie|ies)",
    r"dépress\w*",
    r"psychiatr\w*",
    r"psychologue",
    r"médicaments?",
    r"hôpita(?:l|ux)",
    r"hospitalis\w*",
    r"grossesse",
    r"enceinte",
    r"addict\w*",
    r"alcool\w*",
    r"drogue\w*",
    r"cancer",
    r"diabèt\w*",
    r"épilep\w*",
    r"autis\w*",
    r"dyslex\w*",
    r"disab\w*",
    r"illness\w*",
    r"pregnan\w*",
    r"medication\w*",
    # origin, beliefs
    r"nationalité",
    r"réfugiée?s?",
    r"sans[- ]papiers?",
    r"titre de séjour",
    r"demande d’asile",
    r"immigré\w*",
    r"migrante?s?",
    r"ethni\w*",
    r"racial\w*",
    r"religi\w*",
    r"musulman\w*",
    r"catholique\w*",
    r"juive?s?",
    r"syndiqué\w*",
    r"refugee\w*",
    r"asylum",
    r"muslim\w*",
    r"jewish",
    # justice, schemes
    r"prison\w*",
    r"détenue?s?",
    r"incarcér\w*",
    r"condamné\w*",
    r"condamnation\w*",
    r"casier",
    r"garde à vue",
    r"bracelet électronique",
    r"sous main de justice",
    r"probation",
    r"délinquan\w*",
    r"convict\w*",
    r"jail\w*",
    r"rsa",
)
WORDS = re.compile(rf"(?<!\w)(?:{'|'.join(STEMS)})(?!\w)", re.IGNORECASE)


def words(text: str) -> list[str]:
    """The words of the text to look at again, each once, in their order."""
    plain = text.replace("'", "’")
    return list(dict.fromkeys(found.casefold() for found in WORDS.findall(plain)))
