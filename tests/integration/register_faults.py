"""What can be wrong with one row of Bawaslu's register."""

import datetime

_DAY = datetime.timedelta(days=1)
_SOUND = {"terlapor_nip": "198001012005011001", "status_kepegawaian": "PNS", "golongan": ""}

_WRONG = {
    "pemilihan": ("", "PILKADA-1999"),
    "nomor_register": ("",),
    "sumber": ("", "gosip"),
    "tanggal_kejadian": ("31 Februari", "2020-02-30", "30/02/2024", "2024-13-01", "45541",
                         "00-00-2020", "06.09.2024"),
    "tanggal_diketahui": ("31/04/2024", "tidak tahu"),
    "tanggal_diterima": ("", "2023-02-29", "32/01/2024"),
    "kode_wilayah": ("", "99.99", "13.99", "13.1", "Kota Padang"),
    "terlapor_nama": ("",),
    "jenis_jabatan": ("bos",),
    "golongan": ("V/z",),
    "kode_pelanggaran": ("", "HD-99", "HD-13", "KE-00"),
    "modus": ("iseng", "karier|iseng"),
    "bukti_sha256": ("0" * 63, "g" * 64),
    "tanggal_kajian_awal": ("29-02-2023",),
    "hasil": ("", "entah"),
}
_WRONG_NIPS = (
    ("PNS", "19800101200501100"), ("PNS", "1980010120050110011"), ("PNS", "198013012005011001"),
    ("PNS", "198001322005011001"), ("PNS", "198002302005011001"), ("PNS", "1,98001E+17"),
    ("PNS", "1.98001E+17"), ("PNS", "198001012005131001"), ("PNS", "198001012005001001"),
    ("PNS", "198001012005013001"), ("PNS", "198001012005011000"), ("PNS", "19800101200501100O"),
    ("PPPK", "198013012021211001"), ("PPPK", "198001012021213001"), ("PPPK", "1980010120212110"))


def all_faults():
    """Pairs: the column that is charged, and a function from a sound row that is still under way at
    Bawaslu to the cells that spoil it."""
    return [*_wrong_words(), *_wrong_orders(), *_wrong_outcomes(), *_two_at_once()]


def _wrong_words():
    for column, texts in _WRONG.items():
        for text in texts:
            yield column, lambda _row, column=column, text=text: {column: text}
    for status, nip in _WRONG_NIPS:
        yield "terlapor_nip", lambda _row, nip=nip, status=status: {
            "terlapor_nip": nip, "status_kepegawaian": status}
    yield "status_kepegawaian", lambda _row: {"status_kepegawaian": "honorer", "golongan": ""}


def _wrong_orders():
    """A date before one to its left: by a day, or by years."""
    columns = ("tanggal_kejadian", "tanggal_diketahui", "tanggal_diterima", "tanggal_kajian_awal")
    for before, column in zip(columns, columns[1:]):
        for days in (1, 700):
            yield column, lambda row, before=before, column=column, days=days: {
                column: row[before] - days * _DAY}


def _wrong_outcomes():
    yield "tanggal_hasil", lambda row: {
        "hasil": "bukan_pelanggaran", "tanggal_hasil": row["tanggal_kajian_awal"] - _DAY}
    yield "tanggal_hasil", lambda _row: {"hasil": "tidak_diterima", "tanggal_hasil": "segera"}
    yield "tanggal_hasil", lambda row: {"tanggal_hasil": row["tanggal_kajian_awal"]}
    yield "tanggal_hasil", lambda _row: _SOUND | {"hasil": "diteruskan"}
    yield "nomor_surat_penerusan", lambda row: _SOUND | {
        "hasil": "diteruskan", "tanggal_hasil": row["tanggal_kajian_awal"]}
    yield "terlapor_nip", lambda row: {
        "hasil": "diteruskan", "terlapor_nip": "", "nomor_surat_penerusan": "9/X/2024",
        "tanggal_hasil": row["tanggal_kajian_awal"]}


def _two_at_once():
    """The left one counts."""
    yield "kode_wilayah", lambda _row: {"kode_wilayah": "99.99", "kode_pelanggaran": "HD-99"}
    yield "tanggal_kejadian", lambda _row: {"tanggal_kejadian": "besok", "terlapor_nip": "17"}
    yield "terlapor_nama", lambda _row: {"terlapor_nama": "", "terlapor_nip": "1,98001E+17"}
    yield "sumber", lambda _row: {"sumber": "gosip", "tanggal_diterima": "kemarin"}
