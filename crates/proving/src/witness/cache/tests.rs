use std::os::unix::fs::PermissionsExt;

use super::*;

/// The smallest module there is.
const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

/// A calculator's folder with a wasm file in it, and a folder to fall back to.
struct Disk {
    root: tempfile::TempDir,
}

impl Disk {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("Circuit_js")).unwrap();
        let disk = Self { root };
        fs::write(disk.wasm(), EMPTY).unwrap();
        disk
    }

    fn wasm(&self) -> PathBuf {
        self.root.path().join("Circuit_js/Circuit.wasm")
    }

    fn elsewhere(&self) -> PathBuf {
        self.root.path().join("data/modules")
    }

    fn load(&self) {
        ModuleCache::in_folder(&self.elsewhere()).load(&self.wasm()).unwrap();
    }

    fn modules(folder: &Path) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(folder) else {
            return Vec::new();
        };
        let paths = entries.map(|entry| entry.unwrap().path());
        paths
            .filter(|path| path.extension().is_some_and(|ending| ending == ENDING))
            .collect()
    }

    fn beside(&self) -> Vec<PathBuf> {
        Self::modules(self.wasm().parent().unwrap())
    }

    /// Whether the only module beside the calculator is trusted and of use.
    fn is_used(&self) -> bool {
        kept::read(&ModuleCache::in_memory().engine, &self.beside()[0]).is_some()
    }
}

#[test]
fn a_compiled_calculator_is_kept_beside_it_and_read_back() {
    let disk = Disk::new();
    disk.load();
    assert_eq!(disk.beside().len(), 1);
    assert!(disk.is_used());
    let written = fs::metadata(&disk.beside()[0]).unwrap().modified().unwrap();
    disk.load();
    assert_eq!(disk.beside().len(), 1);
    assert_eq!(fs::metadata(&disk.beside()[0]).unwrap().modified().unwrap(), written);
    assert!(!disk.elsewhere().exists());
}

#[test]
fn where_the_calculators_folder_cannot_be_written_the_other_folder_keeps_it() {
    let disk = Disk::new();
    // A folder in the module's place refuses writing to everybody, root included.
    let cache = ModuleCache::in_folder(&disk.elsewhere());
    let beside = cache.places(&disk.wasm(), EMPTY).remove(0);
    fs::create_dir_all(beside.join("in the way")).unwrap();
    disk.load();
    assert_eq!(Disk::modules(&disk.elsewhere()).len(), 1);
}

#[test]
fn a_module_that_is_damaged_truncated_or_writable_by_others_is_not_run_and_is_made_anew() {
    let disk = Disk::new();
    disk.load();
    let file = disk.beside().remove(0);
    let whole = fs::read(&file).unwrap();

    let mut damaged = whole.clone();
    *damaged.last_mut().unwrap() ^= 1;
    for bytes in [damaged.as_slice(), &whole[..whole.len() / 2], &[]] {
        fs::write(&file, bytes).unwrap();
        assert!(!disk.is_used());
        disk.load();
        assert!(disk.is_used());
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    assert!(!disk.is_used());
    disk.load();
    assert!(disk.is_used());
}

#[test]
fn another_content_has_another_name_and_forgetting_removes_both() {
    let disk = Disk::new();
    disk.load();
    fs::write(disk.wasm(), [EMPTY, b"\0\x02\x01n".as_slice()].concat()).unwrap();
    disk.load();
    assert_eq!(disk.beside().len(), 2);
    forget(&disk.wasm()).unwrap();
    assert!(disk.beside().is_empty() && disk.wasm().is_file());
}

#[test]
fn a_cache_in_memory_writes_nothing() {
    let disk = Disk::new();
    ModuleCache::in_memory().load(&disk.wasm()).unwrap();
    assert!(disk.beside().is_empty());
}
