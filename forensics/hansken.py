"""The parsers as a plugin of Hansken, the platform of the Netherlands Forensic Institute (extra ``hansken``).

A deferred extraction plugin: it is offered a database of an app, finds what belongs to it in the same image,
reads it as evidence in a private case, and writes conversations, messages, people, calls, flags and notices
as traces. Nothing is kept between two traces. The SDK serves it: ``serve_plugin forensics/hansken.py 8999``.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from hansken_extraction_plugin.api.extraction_plugin import DeferredExtractionPlugin
from hansken_extraction_plugin.api.plugin_info import (
    Author,
    MaturityLevel,
    PluginId,
    PluginInfo,
    PluginResources,
)

import forensics
from forensics.case import Case
from forensics.case_reader import CaseReader
from forensics.case_settings import Options, settings
from forensics.environment import environment
from forensics.errors import SporenError
from forensics.hansken_copy import copy_tree, path_of
from forensics.hansken_model import load_model
from forensics.hansken_traces import TraceWriter
from forensics.ingest import Outcome, ingest
from forensics.ingest_command import Asked, prepare
from forensics.reading import read

# A case.toml with the scope and the privileged contacts that hold for this project (docs/case-toml.md).
CONFIG_VARIABLE = "SPOREN_HANSKEN_CASE"
_MEMORY = 1024
# The SDK wants an author's address and a page; of the project there is neither outside of its repository.
_AUTHOR, _ADDRESS, _PAGE = "Sporen", "sporen@localhost.invalid", "https://localhost.invalid/sporen"


class SporenPlugin(DeferredExtractionPlugin):  # type: ignore[misc]  # the SDK has no types
    """Chats out of the databases of chat apps, with what was deleted and what is flagged."""

    def plugin_info(self) -> PluginInfo:
        """What Hansken shows of the plugin and which files it offers."""
        return PluginInfo(
            id=PluginId(domain="sporen", category="extract", name="chats"),
            version=forensics.__version__,
            description="Chats, calls and contacts of chat apps, deleted rows, and flagged drug trade",
            author=Author(_AUTHOR, _ADDRESS, _AUTHOR),
            maturity=MaturityLevel.PROOF_OF_CONCEPT,
            matcher=load_model().matcher,
            webpage_url=_PAGE,
            license="Apache-2.0",
            resources=PluginResources(maximum_cpu=1.0, maximum_memory=_MEMORY),
        )

    def process(self, trace: Any, data_context: Any, searcher: Any) -> None:
        """Raises a SporenError, after what could be read is written: Hansken keeps both."""
        del data_context  # always the raw data: the matcher asks for it
        model = load_model()
        with tempfile.TemporaryDirectory(prefix="sporen-hansken-") as place:
            image, folder = Path(place) / "image", Path(place) / "case"
            copy_tree(trace, searcher, model, image)
            with Case.create(folder, settings(_options(path_of(trace)))) as case:
                outcome = _ingested(case, image)
                TraceWriter(CaseReader(case), model, trace.get("uid")).write(trace)
        _tell(outcome, path_of(trace), image)


def _ingested(case: Case, image: Path) -> Outcome:
    """Read the copies in this process: how many of them run side by side is Hansken's to say."""
    asked = Asked(evidence=(image,), environment=environment("hansken"), workers=1)
    request, run = prepare(case, asked)
    return ingest(case, read(request), run, lambda _progress: None)


def _options(path: str) -> Options:
    config = os.environ.get(CONFIG_VARIABLE)
    return Options(number=path, examiner="Hansken", config=Path(config) if config else None)


def _tell(outcome: Outcome, path: str, image: Path) -> None:
    """What was not read, as the error of this trace, without the folder that is gone by now."""
    if outcome.exit_code:
        said = [each.text.replace(f"{image}: ", "") for each in outcome.troubles if each.code]
        raise SporenError(f"{path}: {'; '.join(said)}")
