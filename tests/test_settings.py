import pytest

from qa_engine.errors import SettingsError
from qa_engine.settings import SETTINGS, Settings, load_settings


def write(tmp_path, text):
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_setting_has_its_row():
    assert {row.name for row in SETTINGS} == set(Settings.__dataclass_fields__)
    assert all(row.help for row in SETTINGS)


def test_how_whisper_runs_can_be_set(tmp_path):
    file = write(tmp_path, 'device = "cpu"\ncompute_type = "float32"\nbatch_size = 4\n')
    settings = load_settings(file)
    assert (settings.device, settings.compute_type, settings.batch_size) == ("cpu", "float32", 4)


def test_unset_the_machine_chooses():
    assert (Settings().device, Settings().compute_type, Settings().batch_size) == ("auto", "auto", 0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('device = "gpu"', "device must be one of 'auto', 'cpu', 'cuda', found 'gpu'"),
        ("batch_size = -1", "batch_size must not be negative, found -1"),
        ("jobs = -2", "jobs must not be negative, found -2"),
        ('batch_size = "8"', "batch_size must be int, found '8'"),
        ("compute = 1", "unknown setting 'compute'; known: batch_size, compute_type, "),
    ],
)
def test_a_wrong_value_is_told_with_its_file(tmp_path, text, told):
    with pytest.raises(SettingsError, match=r"mine\.toml: ") as failure:
        load_settings(write(tmp_path, text))
    assert told in str(failure.value)
